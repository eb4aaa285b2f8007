/**
 * A crowd drawn from the seed: traders who buy, sell, rest and cancel, a supervisor who decides late, twice or never and sometimes
 * stops everything. What they do depends only on the seed and on the answers they get.
 */
import type { Random } from '../../runtime/ports.ts';
import type { World } from '../world.ts';
import { Person, parsed } from './person.ts';

interface Trade {
  readonly id: string;
  readonly status: string;
}

const DEVELOPMENT_TOKEN = 'test-bearer-token';
const OWNER = 'user-123';

/** Trades of one trader until `until`. */
class TraderLife {
  private readonly pending: string[] = [];

  constructor(
    private readonly person: Person,
    private readonly agentId: string,
    private readonly symbols: readonly string[],
  ) {}

  private pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.person.random.next() * all.length)]!;
  }

  async live(until: number, pauseMaxMs: number): Promise<void> {
    const { world, random } = this.person;
    while (world.now < until) {
      await world.runner.sleep(200 + Math.floor(random.next() * pauseMaxMs));
      const what = random.next();
      if (what < 0.7) await this.trade();
      else if (what < 0.85) await this.cancel();
      else if (what < 0.92) await this.person.get(`/api/v1/agents/${this.agentId}/trades`);
      else if (what < 0.97) await this.person.get(`/api/v1/agents/${this.agentId}/quota`);
      else await this.person.get(`/api/v1/agents/${this.agentId}`);
    }
  }

  private async trade(): Promise<void> {
    const { random } = this.person;
    const symbol = this.pick(this.symbols);
    const snapshot = parsed<{ bid: number; ask: number }>(await this.person.get(`/api/snapshot/${symbol}`));
    if (!snapshot) return;
    const side = random.next() < 0.6 ? 'buy' : 'sell';
    const type = random.next() < 0.5 ? 'market' : 'limit';
    const near = side === 'buy' ? snapshot.ask : snapshot.bid;
    const away = random.next() < 0.5 ? 1 : side === 'buy' ? 0.98 + random.next() * 0.04 : 1.02 - random.next() * 0.04;
    const price = Math.round(near * away * 100) / 100 || near;
    const value = random.next() < 0.1 ? 50_000 + random.next() * 60_000 : 100 + random.next() * 8_000;
    const quantity = Math.max(1, Math.round(value / price));
    const answer = await this.person.insist('POST', `/api/v1/agents/${this.agentId}/trades`, {
      symbol,
      side,
      quantity,
      price,
      type,
    });
    const body = parsed<Trade & { trade?: Trade }>(answer);
    const trade = body?.trade ?? body;
    if (trade && trade.status !== 'executed') this.pending.push(trade.id);
  }

  private async cancel(): Promise<void> {
    const id = this.pending.shift();
    if (id !== undefined) await this.person.insist('DELETE', `/api/v1/agents/${this.agentId}/trades/${id}`);
  }
}

async function oversee(person: Person, until: number): Promise<void> {
  const { world, random } = person;
  while (world.now < until) {
    await world.runner.sleep(2_000 + Math.floor(random.next() * 20_000));
    const list = parsed<{ requests: { id: string }[] }>(await person.get('/api/v1/oversight/requests'));
    for (const { id } of list?.requests ?? []) {
      const mood = random.next();
      if (mood < 0.2) continue;
      const approve = () => person.insist('POST', `/api/v1/oversight/requests/${id}/approve`, { comment: 'seen' });
      const reject = () =>
        person.insist('POST', `/api/v1/oversight/requests/${id}/reject`, { reason: 'not in this market, thank you' });
      if (mood < 0.6) await approve();
      else if (mood < 0.8) await reject();
      else await Promise.all([approve(), reject()]);
    }
  }
}

async function stopSometimes(person: Person, until: number, everyMs: number): Promise<void> {
  const { world, random } = person;
  while (world.now < until) {
    await world.runner.sleep(Math.min(until - world.now, Math.floor(everyMs * (0.5 + random.next()))));
    if (world.now >= until) return;
    const stop = parsed<{ stop_id: string }>(
      await person.insist('POST', '/api/v1/emergency-stop', {
        reason: 'a look at everything',
        triggered_by: OWNER,
        scope: 'system',
      }),
    );
    if (!stop) continue;
    await world.runner.sleep(1_000 + Math.floor(random.next() * 20_000));
    await person.insist('DELETE', `/api/v1/emergency-stop/${stop.stop_id}`, {
      authorized_by: OWNER,
      resolution_reason: 'all is well',
    });
  }
}

export interface CrowdOptions {
  readonly traders: number;
  readonly symbols: readonly string[];
  readonly until: number;
  readonly pauseMaxMs: number;
  readonly stopEveryMs: number;
}

/** Lets the crowd in; resolves when everybody has gone home. */
export async function crowd(world: World, random: Random, options: CrowdOptions): Promise<void> {
  const { traders, symbols, until, pauseMaxMs, stopEveryMs } = options;
  const come = async (index: number): Promise<void> => {
    const person = new Person(world, `trader-${index}`, DEVELOPMENT_TOKEN, random.fork(`trader-${index}`));
    await world.runner.sleep(Math.floor(person.random.next() * 2_000));
    const body = { name: `Trader ${index}`, type: 'trading', config: { budget: 200_000 }, userId: OWNER };
    const agent = parsed<{ id: string }>(await person.insist('POST', '/api/v1/agents', body));
    if (agent) await new TraderLife(person, agent.id, symbols).live(until, pauseMaxMs);
  };
  const supervisor = new Person(world, 'supervisor', DEVELOPMENT_TOKEN, random.fork('supervisor'));
  const warden = new Person(world, 'warden', DEVELOPMENT_TOKEN, random.fork('warden'));
  await Promise.all([
    ...Array.from({ length: traders }, (_, index) => come(index)),
    oversee(supervisor, until),
    stopSometimes(warden, until, stopEveryMs),
  ]);
}
