/**
 * Counts what traders use of the API and hands it over once a minute. What is not handed over yet is added to what is shown;
 * a crash loses at most a minute of counts, never a trade.
 */
import type { UsageMeter } from '../../messages/quota.ts';
import type { House } from './house.ts';

const FLUSH_MS = 60_000;
/** Half of what a mailbox holds: a hand-over is never refused for its size. Of more traders the first comes first, and nobody waits for a crowd. */
const TRADERS_MAX = 500;

export interface Usage {
  readonly apiCalls: number;
  readonly computeMs: number;
}

const NOTHING: Usage = { apiCalls: 0, computeMs: 0 };

export class Meter {
  private readonly counts = new Map<string, { apiCalls: number; computeMs: number }>();
  private disarm: (() => void) | undefined;

  constructor(private readonly house: Pick<House, 'clock' | 'tell' | 'ids'>) {}

  count(traderId: string, computeMs: number): void {
    const usage = this.counts.get(traderId);
    if (usage) {
      usage.apiCalls += 1;
      usage.computeMs += computeMs;
      return;
    }
    if (this.counts.size === TRADERS_MAX) this.handOverFirst();
    this.counts.set(traderId, { apiCalls: 1, computeMs });
    const { clock } = this.house;
    this.disarm ??= clock.at('wall', clock.wallNow() + FLUSH_MS, () => this.flush());
  }

  pending(traderId: string): Usage {
    return this.counts.get(traderId) ?? NOTHING;
  }

  flush(): void {
    this.disarm?.();
    this.disarm = undefined;
    if (this.counts.size === 0) return;
    const correlationId = this.house.ids.uuid();
    for (const [traderId, usage] of this.counts) this.handOver(traderId, usage, correlationId);
    this.counts.clear();
  }

  private handOverFirst(): void {
    const [traderId, usage] = this.counts.entries().next().value!;
    this.counts.delete(traderId);
    this.handOver(traderId, usage, this.house.ids.uuid());
  }

  private handOver(traderId: string, { apiCalls, computeMs }: Usage, correlationId: string): void {
    const message: UsageMeter = { type: 'usage.meter', traderId, apiCalls, computeMs: Math.round(computeMs) };
    this.house.tell(message, { principal: 'system', correlationId });
  }
}
