/** Episodes: short stories with exact deaths in them. Each begins a life of the product, and ends it. */
import type { Answer, Call } from './caller.ts';
import { insist } from './caller.ts';
import type { Stage } from './stage.ts';

/** What went wrong, in sentences; nothing when the promise held. */
export type Episode = (stage: Stage) => Promise<readonly string[]>;

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
export async function life(
  stage: Stage,
  failpoint: string,
  play: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  await stage.start(failpoint);
  try {
    return await play();
  } finally {
    await stage.product.end('SIGKILL');
  }
}

export const sell = (traderId: string, quantity: number, key: string): Call => ({
  method: 'POST',
  path: `/api/v1/agents/${traderId}/trades`,
  body: { symbol: 'AAPL', side: 'sell', quantity, price: 149, type: 'market' },
  key,
});

export const codeOf = ({ body }: Answer): string => (body.error as { code: string } | undefined)?.code ?? '';

export const insistAll = (stage: Stage, calls: readonly Call[]): Promise<Answer[]> =>
  surviving(stage, Promise.all(calls.map((call) => insist(stage, call))));
