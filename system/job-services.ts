/** What background work may ask of the process that holds the database: a thread has no connection of its own. */
import type { ChunkHead, ChunkRange } from '../market/series/store.ts';
import type { SeriesReads } from '../runs/backtest/store-source.ts';

type Services = Readonly<Record<string, (argument: unknown) => Promise<unknown>>>;

export function serviceDesk(series: SeriesReads): (service: string, argument: unknown) => Promise<unknown> {
  const services: Services = {
    'series.heads': (range) => series.heads(range as ChunkRange),
    'series.bytes': (head) => series.bytes(head as ChunkHead),
    'series.imports': (symbol) => series.imports(symbol as string),
  };
  return async (service, argument) => {
    const serve = Object.hasOwn(services, service) ? services[service] : undefined;
    if (!serve) throw Object.assign(new Error(`there is no service ${service}`), { retryable: false });
    return serve(argument);
  };
}
