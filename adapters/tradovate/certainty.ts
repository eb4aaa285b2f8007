/**
 * When "not found" means "never had": a request may still be on its way for a while, and Tradovate lists only the commands of the running
 * trade date, which begins at 17:00 in Chicago. Invariant: whoever is told `absent` may hand the order over again without doubling it.
 */
import { DAY_MS, localTime, offsetMs } from '../../domain/sessions/zone.ts';

/** A request that has not arrived after this long never will; as long as the order machine waits. */
export const ARRIVAL_MAX_MS = 65_000;
const TRADE_DATE_BEGINS_MINUTE = 17 * 60;
const HANDED_OVER_MAX = 100_000;
const UUID_V7 = /([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** When an id of ours was made, from its UUIDv7; undefined when it does not say. */
function bornAt(clientOrderId: string): number | undefined {
  const [, high, low] = UUID_V7.exec(clientOrderId) ?? [];
  return high === undefined ? undefined : Number.parseInt(`${high}${low}`, 16);
}

export function tradeDateBegan(at: number): number {
  const { day, minute } = localTime('America/Chicago', at);
  const began = (minute >= TRADE_DATE_BEGINS_MINUTE ? day : day - 1) * DAY_MS + TRADE_DATE_BEGINS_MINUTE * 60_000;
  return began - offsetMs('America/Chicago', began - offsetMs('America/Chicago', at));
}

export interface CertaintyOptions {
  readonly arrivalMaxMs: number;
  /** When this life began, monotonic: what an earlier one has sent left before. */
  readonly openedAt: number;
}

export class HandedOver {
  private readonly sentAt = new Map<string, number>();
  constructor(private readonly options: CertaintyOptions) {}

  has(clientOrderId: string): boolean {
    return this.sentAt.has(clientOrderId);
  }

  note(clientOrderId: string, monotonicMs: number): void {
    this.sentAt.set(clientOrderId, monotonicMs);
    if (this.sentAt.size > HANDED_OVER_MAX) this.sentAt.delete(this.sentAt.keys().next().value ?? '');
  }

  /** It certainly never arrived: it may be handed over again. */
  forget(clientOrderId: string): void {
    this.sentAt.delete(clientOrderId);
  }

  /** Why an order that was looked for at these times, and not found, may exist all the same. `submittedAt`: our record's, wall time. */
  doubt(clientOrderId: string, monotonicMs: number, wallMs: number, submittedAt?: number): string | undefined {
    const sentAt = this.sentAt.get(clientOrderId);
    const sentWallMs = sentAt === undefined ? undefined : wallMs - (monotonicMs - sentAt);
    // None of its requests left before any of these; an order of which none is known may be of any age.
    const known = [submittedAt, bornAt(clientOrderId), sentWallMs].filter((at) => at !== undefined);
    if (Math.max(...known) < tradeDateBegan(wallMs))
      return 'Tradovate lists the commands of this trade date only, and the order may be older';
    const { arrivalMaxMs, openedAt } = this.options;
    const leftMs = (sentAt ?? openedAt) + arrivalMaxMs - monotonicMs;
    return leftMs > 0 ? `not found, but a request may still arrive for ${Math.ceil(leftMs / 1_000)} s` : undefined;
  }
}
