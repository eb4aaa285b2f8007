/** Episodes: short stories with exact deaths in them, each with a trader of its own. An episode begins lives of the product, and ends them. */
import { type Answer, type Call, insist } from './caller.ts';
import type { Stage } from './stage.ts';

export interface Episode {
  readonly name: string;
  /** What its trader may hold, in US dollars. */
  readonly maxPositionSize?: number;
  /** Gives back what went wrong, in sentences; nothing when the promise held. */
  play(stage: Stage, traderId: string): Promise<readonly string[]>;
}

/** Waits for `work`, and starts the product again as often as it dies meanwhile. */
export async function surviving<T>(stage: Stage, work: Promise<T>): Promise<T> {
  for (;;) {
    const done = work.then((result) => ({ result }));
    const outcome = await Promise.race([done, stage.product.exited.then(() => undefined)]);
    if (outcome) return outcome.result;
    await stage.start();
  }
}

/** One life of the product, with a failpoint or none; `play` may have it die and start again. */
export async function life<T>(stage: Stage, failpoint: string, play: () => Promise<T>): Promise<T> {
  await stage.start(failpoint);
  try {
    return await play();
  } finally {
    await stage.product.end('SIGKILL');
  }
}

/** `name` makes the key: the same trader, or the same order of it, however often it is asked for. */
export async function openTrader(stage: Stage, name: string, maxPositionSize?: number): Promise<string> {
  const config = { budget: 1_000_000, strategy: 'balanced', ...(maxPositionSize !== undefined && { maxPositionSize }) };
  const body = { name, type: 'trading', config, userId: 'user-123' };
  const key = name.replaceAll(/\W+/g, '-');
  const answer = await insist(stage, { method: 'POST', path: '/api/v1/agents', body, key });
  if (answer.status !== 201) throw new Error(`no trader: ${JSON.stringify(answer.body)}`);
  return String(answer.body.id);
}

export const sell = (traderId: string, quantity: number, name: string): Call => ({
  method: 'POST',
  path: `/api/v1/agents/${traderId}/trades`,
  body: { symbol: 'AAPL', side: 'sell', quantity, price: 149, type: 'market' },
  key: `${traderId}-${name}`,
});

export const codeOf = ({ body }: Answer): string => (body.error as { code: string } | undefined)?.code ?? '';

export const insistAll = (stage: Stage, calls: readonly Call[]): Promise<Answer[]> =>
  surviving(stage, Promise.all(calls.map((call) => insist(stage, call))));
