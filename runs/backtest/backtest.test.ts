/** A backtest that goes on: over the rows that it began with, or not at all. */
import { expect, test } from 'vitest';
import { MemorySeries } from '../../db/memory/series.ts';
import { importText } from '../../market/testing/imports.ts';
import type { JobWork } from '../../runtime/jobs.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { backtestKind } from './backtest.ts';

const lines = (from: number): string =>
  `timestamp,price,volume\n${Array.from({ length: 60 }, (_, n) => `${Date.UTC(2025, 0, 2, 14, 30, from + n)},21000,1\n`).join('')}`;

test('fails by name where an import that it has read was taken back since', async () => {
  const store = new MemorySeries(new Map());
  await importText(store, lines(0), { importId: 'a' });
  await importText(store, lines(60), { importId: 'b' });
  const payload = {
    ...{ strategyType: 'max', symbol: 'NQ', dataSource: 'store', granularity: 'ticks', startAt: null, endAt: null },
    parameters: { impulse: 3, pullback: 2, confirmation: 1, target: 4, stop: 4, quantity: 1 },
  };
  const services: Readonly<Record<string, (argument: never) => Promise<unknown>>> = {
    'series.heads': (range) => store.heads(range),
    'series.bytes': (head) => store.bytes(head),
    'series.imports': (symbol) => store.imports(symbol),
  };
  const call: JobWork['call'] = (service, argument) => services[service]!(argument as never);
  const work = { id: 'run-1', attempt: 1, payload, checkpoint: undefined, call };
  const { open } = backtestKind(seededRandom);
  const run = await open(work);
  await run.advance();
  const { state: checkpoint } = run.checkpoint!();
  run.close?.();
  await importText(store, lines(120), { importId: 'c' });
  const again = await open({ ...work, checkpoint });
  again.close?.();
  await store.remove('a');
  await expect(open({ ...work, checkpoint })).rejects.toThrow(
    'the import a of NQ, which this run has read, was taken back',
  );
});
