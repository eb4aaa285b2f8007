/**
 * Load on the product through its creto door: traders are made first, then each of N connections keeps exactly one request in
 * flight, cycling through all traders. Only what was answered in full counts: a trade only as 201 `executed`, a read only as 200.
 */
import { requestBytes, Wire } from './wire.ts';

export interface LoadOptions {
  readonly url: string;
  readonly token: string;
  readonly userId: string;
  readonly kind: 'trades' | 'reads';
  readonly connections: number;
  readonly traders: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly counted: number;
  /** Answers that did not count, by status or reason. */
  readonly others: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Quantities differ, so that no two orders of one trader in a row are the same. */
const QUANTITIES = [1, 2, 3, 4, 5, 6, 7];

export async function load(options: LoadOptions): Promise<LoadResult> {
  const { hostname, port } = new URL(options.url);
  const wires = await Promise.all(Array.from({ length: options.connections }, () => Wire.open(hostname, Number(port))));
  try {
    const requests = requestsOf(options, await makeTraders(options, wires));
    return await drive(options, wires, requests);
  } finally {
    for (const wire of wires) wire.close();
  }
}

async function makeTraders({ url, token, userId, traders }: LoadOptions, wires: readonly Wire[]): Promise<string[]> {
  const { host } = new URL(url);
  const ids: string[] = [];
  let next = 0;
  const make = async (wire: Wire) => {
    while (next < traders) {
      const name = `Load ${next}`;
      next += 1;
      const config = { budget: 1_000_000, strategy: 'balanced', riskTolerance: 'medium' };
      const answer = await wire.send(
        requestBytes('POST', '/api/v1/agents', host, token, { name, type: 'trading', config, userId }),
      );
      if (answer.status !== 201) throw new Error(`making a trader was answered with ${answer.status}: ${answer.body}`);
      ids.push(JSON.parse(answer.body).id);
    }
  };
  await Promise.all(wires.map(make));
  return ids;
}

function requestsOf({ url, token, kind }: LoadOptions, traderIds: readonly string[]): readonly Buffer[] {
  const { host } = new URL(url);
  if (kind === 'reads') return traderIds.map((id) => requestBytes('GET', `/api/v1/agents/${id}`, host, token));
  return QUANTITIES.flatMap((quantity) =>
    traderIds.map((id) => {
      const order = { symbol: 'AAPL', side: 'buy', quantity, price: 150, type: 'market' };
      return requestBytes('POST', `/api/v1/agents/${id}/trades`, host, token, order);
    }),
  );
}

async function drive(options: LoadOptions, wires: readonly Wire[], requests: readonly Buffer[]): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const others: Record<string, number> = {};
  const startedMs = performance.now();
  const endMs = startedMs + options.seconds * 1_000;
  let next = 0;
  const keepBusy = async (wire: Wire) => {
    while (performance.now() < endMs) {
      const sentMs = performance.now();
      const { status, body } = await wire.send(requests[next++ % requests.length]!);
      const outcome = outcomeOf(options.kind, status, body);
      if (outcome === 'counted') latenciesMs.push(performance.now() - sentMs);
      else others[outcome] = (others[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(wires.map(keepBusy));
  const seconds = (performance.now() - startedMs) / 1_000;
  latenciesMs.sort((a, b) => a - b);
  const quantile = (ratio: number) => latenciesMs[Math.floor(latenciesMs.length * ratio)] ?? Number.NaN;
  const counted = latenciesMs.length;
  return { counted, others, seconds, perSecond: counted / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

function outcomeOf(kind: LoadOptions['kind'], status: number, body: string): string {
  if (kind === 'reads') return status === 200 ? 'counted' : String(status);
  if (status !== 201) return String(status);
  const { status: state } = JSON.parse(body) as { readonly status: string };
  return state === 'executed' ? 'counted' : `201 ${state}`;
}
