/**
 * Somebody at a socket, who comes back whenever the line is gone: he left, the product closed it, or the process died. Invariant: of a run
 * he is told each line once and in order, however often he comes back; and nobody is told anything before he is let in.
 */
import type { Answer } from '../exchange.ts';
import type { Person } from './person.ts';
import type { Player } from './player.ts';
import type { Deed } from './script.ts';

type Listen = Extract<Deed, { do: 'listen' }>;

interface Told {
  readonly type?: string;
  readonly event_type?: string;
  readonly data?: { readonly sequence?: number; readonly execution_id?: number };
}

const PAUSE_MS = 200;
const PAUSE_SPREAD_MS = 3_000;

/** What he has of a run: the newest line of each kind. */
export class Lines {
  private readonly has = { event: 0, trade: 0 };

  constructor(private readonly executionId: number) {}

  /** What he asks for when he comes (back). */
  get wish(): object {
    const { event: since_sequence, trade: since_trade_sequence } = this.has;
    return { action: 'subscribe', execution_id: this.executionId, since_sequence, since_trade_sequence };
  }

  /** What is wrong with the next message. */
  hear({ event_type, data }: Told): string | undefined {
    const { sequence, execution_id: executionId } = data ?? {};
    if (executionId !== this.executionId || sequence === undefined) return undefined;
    const kind = event_type === 'trade_closed' ? 'trade' : 'event';
    const next = this.has[kind] + 1;
    this.has[kind] = sequence;
    return sequence === next ? undefined : `${kind} ${sequence} of run ${executionId} was told where ${next} was due`;
  }
}

/** What he says first, and what he makes of what he hears. */
interface Ear {
  readonly path: string;
  say(): readonly object[];
  hear(told: Told): string | undefined;
}

async function earOf(deed: Listen, whom: Player): Promise<Ear | undefined> {
  const deaf = { say: () => [], hear: () => undefined };
  if (deed.to === 'house') return { ...deaf, path: '/events' };
  if (deed.to === 'trader') {
    const agentId = await whom.traderId;
    return agentId === undefined ? undefined : { ...deaf, path: '/ws', say: () => [{ type: 'subscribe', agentId }] };
  }
  const executionId = await whom.desk.run();
  if (executionId === undefined) return undefined;
  const lines = new Lines(executionId);
  return { path: '/events', say: () => [lines.wish], hear: (told) => lines.hear(told) };
}

/** What somebody was told who then was cut off counts: his client has it. */
const toldIn = (answer: Answer | undefined): readonly Told[] =>
  answer?.body.startsWith('{"count"') ? (JSON.parse(answer.body) as { heard: readonly Told[] }).heard : [];

export async function listenIn(person: Person, deed: Listen, whom: Player): Promise<void> {
  const { world } = person;
  const ear = await earOf(deed, whom);
  if (!ear) return;
  const until = world.now - world.runner.leaptMs + deed.forMs * deed.times;
  for (let times = 0; times < deed.times; times += 1) {
    const leftMs = until - (world.now - world.runner.leaptMs);
    if (leftMs <= 0) return;
    const say = ear.say().map((message) => JSON.stringify(message));
    const answer = await person.listen(ear.path, { say, forMs: Math.min(deed.forMs, leftMs) });
    const [first, ...told] = toldIn(answer);
    if (first && first.type !== 'auth:ok')
      world.failures.push(`${person.name} was told ${JSON.stringify(first)} before he was let in`);
    for (const message of told) {
      const wrong = ear.hear(message);
      if (wrong !== undefined) world.failures.push(`${person.name} at ${ear.path}: ${wrong}`);
    }
    await world.runner.sleep(PAUSE_MS + Math.floor(person.random.next() * PAUSE_SPREAD_MS));
  }
}
