/**
 * How long requests took, as a Prometheus histogram by method, route and status. prom-client looks at the labels of each observation anew, which costs
 * a thirtieth of a read: here a request is one more in a row of counts, and its line is written when somebody asks.
 */
import type { RequestSample } from '../api/kit/house.ts';

const NAME = 'pitwall_http_request_seconds';
/** Seconds; what takes longer than the last is counted behind it. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

interface Tally {
  readonly labels: string;
  /** Of each bucket alone. */
  readonly counts: number[];
  sum: number;
}

export class RequestDurations {
  private readonly tallies = new Map<string, Tally>();

  count({ method, route, status, durationMs }: RequestSample): void {
    const key = `${method} ${status} ${route}`;
    let tally = this.tallies.get(key);
    if (!tally) {
      // No method, route or status holds what a label's value would have to escape.
      const labels = `method="${method}",route="${route}",status="${status}"`;
      tally = { labels, counts: new Array<number>(BUCKETS.length + 1).fill(0), sum: 0 };
      this.tallies.set(key, tally);
    }
    const seconds = durationMs / 1_000;
    let bucket = 0;
    while (bucket < BUCKETS.length && seconds > BUCKETS[bucket]!) bucket += 1;
    tally.counts[bucket]! += 1;
    tally.sum += seconds;
  }

  /** Prometheus' text format 0.0.4: each bucket counts those below it, too. */
  text(): string {
    const lines = [`# HELP ${NAME} Requests by route and status`, `# TYPE ${NAME} histogram`];
    for (const { labels, counts, sum } of this.tallies.values()) {
      let total = 0;
      for (const [bucket, count] of counts.entries()) {
        total += count;
        lines.push(`${NAME}_bucket{le="${BUCKETS[bucket] ?? '+Inf'}",${labels}} ${total}`);
      }
      lines.push(`${NAME}_sum{${labels}} ${sum}`, `${NAME}_count{${labels}} ${total}`);
    }
    return `${lines.join('\n')}\n`;
  }
}
