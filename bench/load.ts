/**
 * Load over HTTP: either each of N connections keeps exactly one request in flight, or requests leave at a rate, on time whatever is
 * still unanswered; a latency then counts from the time at which its request was due. Only what was answered as wanted counts.
 */
import { requestBytes, Wire } from './wire.ts';

export interface LoadRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

export interface LoadOptions {
  readonly url: string;
  readonly token: string;
  /** Sent in order, round and round. */
  readonly requests: readonly LoadRequest[];
  /** The answer that counts; with `state`, its body's `status` must be that too. */
  readonly wanted: { readonly status: number; readonly state?: string };
  readonly connections: number;
  readonly seconds: number;
  readonly ratePerSecond?: number;
}

export interface LoadResult {
  readonly counted: number;
  /** Answers that did not count, by status or reason; `unsent`: due, but no connection was free until the end. */
  readonly others: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly perSecond: number;
  /** Null where so many were never sent that it has no bound: unlike Infinity this crosses a process's border as JSON. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** Milliseconds; throws where so many requests were never sent that there is no figure. */
export function p99Of({ counted, others: { unsent = 0 }, p99Ms }: LoadResult): number {
  if (p99Ms === null) throw new Error(`no 99th percentile: ${unsent} of ${counted + unsent} requests were never sent`);
  return p99Ms;
}

export async function load(options: LoadOptions): Promise<LoadResult> {
  const { hostname, port, host } = new URL(options.url);
  const wires = await Promise.all(Array.from({ length: options.connections }, () => Wire.open(hostname, Number(port))));
  const requests = options.requests.map(({ method, path, body }) =>
    requestBytes(method, path, host, options.token, body),
  );
  const drive = new Drive(options, requests);
  try {
    await (options.ratePerSecond === undefined
      ? drive.keepBusy(wires)
      : drive.keepPace(wires, 1_000 / options.ratePerSecond));
    return drive.result();
  } finally {
    for (const wire of wires) wire.close();
  }
}

const PACE_CHECK_MS = 1;

class Drive {
  private readonly latenciesMs: number[] = [];
  private readonly others: Record<string, number> = {};
  private readonly startedMs = performance.now();
  private readonly endMs: number;
  private next = 0;

  constructor(
    private readonly options: LoadOptions,
    private readonly requests: readonly Buffer[],
  ) {
    this.endMs = this.startedMs + options.seconds * 1_000;
  }

  async keepBusy(wires: readonly Wire[]): Promise<void> {
    await Promise.all(
      wires.map(async (wire) => {
        while (performance.now() < this.endMs) await this.send(wire, performance.now());
      }),
    );
  }

  async keepPace(wires: readonly Wire[], intervalMs: number): Promise<void> {
    // In turn, so that none is idle for so long that the server closes it.
    const free = [...wires];
    const underWay = new Set<Promise<void>>();
    const failures: Error[] = [];
    let dueMs = this.startedMs;
    const sendOn = async (wire: Wire, due: number): Promise<void> => {
      await this.send(wire, due).catch((error: Error) => failures.push(error));
      free.push(wire);
    };
    while (performance.now() < this.endMs && failures.length === 0) {
      for (; dueMs <= performance.now() && free.length > 0; dueMs += intervalMs) {
        const sent = sendOn(free.shift()!, dueMs).finally(() => underWay.delete(sent));
        underWay.add(sent);
      }
      await new Promise((resolve) => setTimeout(resolve, PACE_CHECK_MS));
    }
    await Promise.all(underWay);
    if (failures[0]) throw failures[0];
    const unsent = Math.floor((this.endMs - dueMs) / intervalMs);
    if (unsent > 0) this.others.unsent = unsent;
  }

  result(): LoadResult {
    const { latenciesMs, others } = this;
    const seconds = (performance.now() - this.startedMs) / 1_000;
    latenciesMs.sort((a, b) => a - b);
    const counted = latenciesMs.length;
    // What was due and never left is the slowest of all.
    const due = counted + (others.unsent ?? 0);
    const quantile = (ratio: number) => latenciesMs[Math.floor(due * ratio)] ?? null;
    return { counted, others, seconds, perSecond: counted / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
  }

  private async send(wire: Wire, dueMs: number): Promise<void> {
    const { status, body } = await wire.send(this.requests[this.next++ % this.requests.length]!);
    const outcome = outcomeOf(this.options.wanted, status, body);
    if (outcome === 'counted') this.latenciesMs.push(performance.now() - dueMs);
    else this.others[outcome] = (this.others[outcome] ?? 0) + 1;
  }
}

function outcomeOf(wanted: LoadOptions['wanted'], status: number, body: string): string {
  if (status !== wanted.status) return String(status);
  if (wanted.state === undefined) return 'counted';
  const { status: state } = JSON.parse(body) as { readonly status: string };
  return state === wanted.state ? 'counted' : `${status} ${state}`;
}
