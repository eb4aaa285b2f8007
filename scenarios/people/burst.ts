/** Sixty requests at one virtual instant: orders that race for the same room, cancels, reads and a stop, over the real handlers. */
import type { Random } from '../../runtime/ports.ts';
import type { World } from '../world.ts';
import { Person, parsed } from './person.ts';

const REQUESTS = 60;
const OWNER = 'user-123';

export async function burst(world: World, random: Random, symbols: readonly string[]): Promise<void> {
  const people = Array.from(
    { length: 4 },
    (_, index) => new Person(world, `burst-${index}`, 'test-bearer-token', random.fork(`burst-${index}`)),
  );
  const agents: string[] = [];
  for (const person of people) {
    const body = { name: person.name, type: 'trading', config: { budget: 100_000 }, userId: OWNER };
    const agent = parsed<{ id: string }>(await person.insist('POST', '/api/v1/agents', body));
    if (agent) agents.push(agent.id);
  }
  await world.runner.sleep(5_000);
  const requests = Array.from({ length: REQUESTS }, (_, index) => {
    const person = people[index % people.length]!;
    const agent = agents[index % agents.length]!;
    const symbol = symbols[Math.floor(random.next() * symbols.length)]!;
    if (index % 20 === 19)
      return person.insist('POST', '/api/v1/emergency-stop', {
        reason: 'in the middle',
        triggered_by: OWNER,
        scope: 'agent',
        target_id: agent,
      });
    if (index % 10 === 9) return person.get(`/api/v1/agents/${agent}/quota`);
    const quantity = 1 + Math.floor(random.next() * 40);
    return person.insist('POST', `/api/v1/agents/${agent}/trades`, {
      symbol,
      side: random.next() < 0.5 ? 'buy' : 'sell',
      quantity,
      price: 100,
      type: 'market',
    });
  });
  await Promise.all(requests);
}
