/**
 * Counts what traders use of the API and hands it over once a minute. What is not handed over yet is added to what is shown;
 * a crash loses at most a minute of counts, never a trade.
 */
import type { UsageMeter } from '../../messages/quota.ts';
import type { House } from './house.ts';

const FLUSH_MS = 60_000;
/** Half of what a mailbox holds: a hand-over is never refused for its size. */
const TRADERS_MAX = 500;

export interface Usage {
  readonly apiCalls: number;
  readonly computeMs: number;
}

const NOTHING: Usage = { apiCalls: 0, computeMs: 0 };

export class Meter {
  private counts = new Map<string, { apiCalls: number; computeMs: number }>();
  private disarm: (() => void) | undefined;

  constructor(private readonly house: Pick<House, 'clock' | 'tell' | 'ids'>) {}

  count(traderId: string, computeMs: number): void {
    const usage = this.counts.get(traderId);
    if (usage) {
      usage.apiCalls += 1;
      usage.computeMs += computeMs;
      return;
    }
    if (this.counts.size === TRADERS_MAX) this.flush();
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
    const { counts, house } = this;
    this.counts = new Map();
    if (counts.size === 0) return;
    const correlationId = house.ids.uuid();
    for (const [traderId, { apiCalls, computeMs }] of counts) {
      const message: UsageMeter = { type: 'usage.meter', traderId, apiCalls, computeMs: Math.round(computeMs) };
      house.tell(message, { principal: 'system', correlationId });
    }
  }
}
