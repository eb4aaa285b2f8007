/**
 * Reads one order over REST into the mirror, and waits until it is decided: woken by the socket's news, by reading where that is silent.
 * Invariant: bounded by a deadline and by the asker's signal; what could not be read is not decided.
 */
import type { z } from 'zod';
import type { VenueReport } from '../../agents/venue.ts';
import { fromNumber, plus } from '../../domain/decimal.ts';
import type { Clock } from '../../runtime/ports.ts';
import { reasonOf } from './fault.ts';
import { hasEnded, type OrderFacts } from './mirror.ts';
import { reportOf, type Told, unpricedOf } from './report.ts';
import { nameContracts, type SnapshotSources } from './snapshot.ts';
import type { tvFillFee } from './wire.ts';

export interface ReaderOptions extends SnapshotSources {
  readonly clock: Clock;
  readonly answerWithinMs: number;
}

/** The socket is quicker; this is for when it is down, or has lost something. */
const READ_EVERY_MS = 500;

/** Fees are settled beside their fill, a moment later at most. */
const FEE_READINGS = 2;

const sumOf = (fee: z.infer<typeof tvFillFee>): string =>
  Object.values(fee).reduce<string>((sum, amount) => plus(sum, fromNumber(amount ?? 0)), '0');

export class OrderReader {
  /** How often it was said of a fill that its fees are not settled. */
  private readonly asked = new Map<number, number>();

  constructor(private readonly options: ReaderOptions) {}

  /** What is known now. */
  told(clientOrderId: string, orderId: number): Told {
    const { mirror } = this.options;
    const facts = mirror.find(orderId);
    return facts ? reportOf(clientOrderId, facts, mirror.contracts) : 'unread';
  }

  /** What is missing: only the fees, where the socket has told the rest. */
  async read(orderId: number, signal: AbortSignal): Promise<void> {
    const known = this.options.mirror.find(orderId);
    const isKnown = known?.order && known.version && this.options.mirror.contracts.has(known.order.contractId ?? -1);
    if (!known || !isKnown || unpricedOf(known).length === 0) await this.readOrder(orderId, signal);
    const facts = this.options.mirror.find(orderId);
    if (facts) await this.readFees(facts, signal);
  }

  /**
   * A fee that is not settled when it has been asked for twice is taken for none: no fill waits for it any longer. A reading that failed
   * says nothing of the fee: it is thrown, and whoever wants to know reads again.
   */
  private async readFees(facts: OrderFacts, signal: AbortSignal): Promise<void> {
    const { desk, mirror } = this.options;
    for (const fillId of unpricedOf(facts)) {
      const fees = await desk.feesOf(fillId, signal);
      const asked = (this.asked.get(fillId) ?? 0) + 1;
      if (fees.length === 0 && asked < FEE_READINGS) this.asked.set(fillId, asked);
      else {
        this.asked.delete(fillId);
        mirror.takeFees(facts.orderId, fillId, fees.map(sumOf).reduce(plus, '0'));
      }
    }
  }

  /** The order first, its fills behind it: when it has ended, they are all there. */
  private async readOrder(orderId: number, signal: AbortSignal): Promise<void> {
    const { desk, mirror } = this.options;
    const order = await desk.order(orderId, signal);
    const versions = await desk.versionsOf([orderId], signal);
    const fills = await desk.fillsOf([orderId], signal);
    const reason = order.ordStatus === 'Rejected' ? await desk.rejectionOf(orderId, signal) : undefined;
    await nameContracts(this.options, [order.contractId], signal);
    mirror.sync({ orderVersions: versions, fills });
    const facts = mirror.find(orderId);
    if (facts && reason !== undefined) facts.reason = reason;
    if (facts && hasEnded({ order })) facts.isComplete = true;
    mirror.takeOrder(order);
  }

  async decided(
    clientOrderId: string,
    orderId: number,
    isEnough: (report: VenueReport) => boolean,
    signal: AbortSignal,
  ): Promise<VenueReport> {
    const { clock, answerWithinMs } = this.options;
    const deadline = clock.monotonic() + answerWithinMs;
    let failure = 'Tradovate has not decided about the order yet';
    let hasRead = false;
    for (;;) {
      const told = this.told(clientOrderId, orderId);
      if (typeof told === 'object' && isEnough(told)) return told;
      const leftMs = deadline - clock.monotonic();
      if (leftMs <= 0 || signal.aborted)
        return typeof told === 'object'
          ? told
          : { orderId: clientOrderId, status: 'unresolved', fills: [], reason: failure };
      // What only a reading tells is read at once, but never faster than the pace.
      const isFirst = told === 'unread' && !hasRead;
      if (!isFirst && (await this.changed(orderId, Math.min(READ_EVERY_MS, leftMs), signal))) continue;
      hasRead = true;
      await this.read(orderId, signal).catch((error: unknown) => {
        failure = `the order can't be read: ${reasonOf(error)}`;
      });
    }
  }

  /** Resolves true when something of the order has changed, false after `ms` or when the asker gives up. */
  changed(orderId: number, ms: number, signal: AbortSignal): Promise<boolean> {
    const { mirror, clock } = this.options;
    return new Promise((resolve) => {
      const end = (changed: boolean): void => {
        cancel();
        unsubscribe();
        signal.removeEventListener('abort', giveUp);
        resolve(changed);
      };
      const giveUp = (): void => end(false);
      const unsubscribe = mirror.onChange((changed) => {
        if (changed === orderId) end(true);
      });
      const cancel = clock.at('monotonic', clock.monotonic() + ms, giveUp);
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
    });
  }
}
