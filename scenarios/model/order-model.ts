/**
 * A reference model of the order flow, written apart from the product: it shares message types and the exact numbers. From records,
 * settings, what people asked and what the venue has it says how each order must have gone. It cannot tell: limits that depend on other
 * orders still in their gates (rate, duplicates, position, exposure, funds, quotas: I7, I9, M2 and M3 bound those from both sides),
 * prices at the moment of an approval, and whether a request that nobody can trace ever arrived: there it allows each right outcome.
 */
import { exact } from '../../domain/decimal.ts';
import type { Denial } from '../../domain/denial.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { Halt } from '../../messages/halt.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { OrderEnded, OrderFilled, OrderSubmitted } from '../../messages/order.ts';
import type { Message } from '../../runtime/message.ts';
import { type Circumstances, contradicts, forecast } from './gates.ts';
import { type AtVenue, Modelled, type Round } from './modelled.ts';

type Fact = Message & Record<string, unknown>;
type Tell = (what: string) => void;

/** A halt that its agent crashes over is tried again so soon. */
const RECORDED_LATE_MS = 20_000;

const covers = ({ scope, targetId }: Halt, { accountId, traderId }: OrderTicket): boolean =>
  scope === 'system' || targetId === (scope === 'account' ? accountId : traderId);

/** The house itself never wants a cancel: a halt does, which its own record tells, or a person. */
const isSomebody = (by: unknown): boolean => by !== undefined && by !== 'system';

export class OrderModel {
  private readonly orders = new Map<string, Modelled>();
  private readonly open = new Set<Modelled>();
  private readonly halts = new Map<string, Halt>();
  private readonly active = new Map<string, boolean>();
  /** When processes began, but for the first, by the clock of the venue. */
  private readonly starts: number[] = [];
  /** When anything began anew: processes, their recoveries, the agent that keeps orders. */
  private readonly lives: number[] = [];
  /** Orders of which people have asked that they be cancelled, and were answered. */
  private readonly unwanted = new Set<string>();

  constructor(
    private limits: TradingLimits | undefined,
    private readonly autonomousThreshold: string,
  ) {}

  /** Takes one record; tells what contradicts the model. `at` is market time, `landedAt` the venue's, which nobody puts forward or back. */
  apply(message: Message, { at, landedAt }: { readonly at: number; readonly landedAt: number }, tell: Tell) {
    const fact = message as Fact;
    const order = this.orders.get(String((fact.ticket as OrderTicket | undefined)?.orderId ?? fact.orderId));
    switch (fact.type) {
      case 'trader.created':
      case 'trader.reactivated':
        return this.trader(String(fact.traderId), true);
      case 'trader.winding-down':
      case 'trader.terminated':
        return this.trader(String(fact.traderId), false);
      case 'trading.halted':
        return this.halt(message as unknown as Halt, landedAt);
      case 'trading.resumed':
        return this.resume(String(fact.stopId));
      case 'limits.changed':
        this.limits = fact.limits as TradingLimits;
        for (const order of this.open) for (const round of order.rounds) round.limitsMoved = true;
        return;
      case 'agent.crashed':
        if (fact.agent === 'orders') this.lives.push(landedAt);
        return;
      case 'order.submitted':
        return this.submit(message as OrderSubmitted, at);
      case 'order.filled':
        return order && this.fill(order, message as OrderFilled);
      case 'order.ended':
        if (order) order.endedAt = landedAt;
        return order && this.close(order, message as OrderEnded, tell);
      default:
        if (order) this.step(order, fact, landedAt, tell);
    }
  }

  /** A process has begun where another one has died, or has recovered from a commit that failed: its first record landed then. */
  begun(landedAt: number, hasRecovered: boolean): void {
    this.lives.push(landedAt);
    if (!hasRecovered) this.starts.push(landedAt);
  }

  /** A person has asked for the order's cancel and has been answered, whatever the answer was. */
  askedToCancel(orderId: string): void {
    this.unwanted.add(orderId);
  }

  /** Tells what contradicts the venue, once nothing moves any more. */
  atRest(venue: (orderId: string) => AtVenue | undefined, tell: Tell): void {
    for (const [orderId, order] of this.orders) {
      const known = venue(orderId);
      const allowed = this.endsOf(order, known);
      const end = order.end ?? 'open';
      const [told, filled] = [`order ${orderId}`, known?.filled ?? '0'];
      if (!allowed.includes(end))
        tell(`${told} is ${end}, the model allows ${allowed.join(' or ')}: ${this.story(order, known)}`);
      if (!exact(order.filled).equals(filled)) tell(`${told} has ${order.filled} filled, the model says ${filled}`);
    }
  }

  private trader(traderId: string, active: boolean): void {
    this.active.set(traderId, active);
    for (const order of this.open)
      if (order.submitted.ticket.traderId === traderId)
        for (const round of order.rounds) if ((round.inactive === 'never') !== active) round.inactive = 'sometimes';
  }

  /** What came in while nobody could record it has cancelled at once, and is recorded when its agent is back. */
  private halt(halt: Halt, landedAt: number): void {
    this.halts.set(halt.stopId, halt);
    for (const order of this.orders.values()) {
      const { ticket } = order.submitted;
      const isOpen = this.open.has(order);
      if (!covers(halt, ticket) || !(isOpen || landedAt - order.endedAt < RECORDED_LATE_MS)) continue;
      if (isOpen) for (const round of order.rounds) if (round.halted === 'never') round.halted = 'sometimes';
      order.wantsCancel ||= !ticket.exit;
    }
  }

  private resume(stopId: string): void {
    this.halts.delete(stopId);
    for (const order of this.open)
      for (const round of order.rounds)
        if (round.halted === 'always' && this.halted(order.submitted.ticket) !== 'always') round.halted = 'sometimes';
  }

  /** `sometimes` under a halt that lets reduction pass: no record tells what reduces. */
  private halted(ticket: OrderTicket): Circumstances['halted'] {
    const over = [...this.halts.values()].filter((halt) => covers(halt, ticket));
    if (over.length === 0) return 'never';
    return over.every(({ mode }) => mode === 'reduce') ? 'sometimes' : 'always';
  }

  private submit(submitted: OrderSubmitted, at: number): void {
    const { ticket } = submitted;
    const order = new Modelled(submitted, at, this.round(ticket));
    this.orders.set(ticket.orderId, order);
    this.open.add(order);
  }

  /** As things are now. */
  private round(ticket: OrderTicket): Round {
    const inactive = this.active.get(ticket.traderId) === true ? 'never' : 'always';
    return { halted: this.halted(ticket), inactive, limits: this.limits, limitsMoved: false };
  }

  private step(order: Modelled, fact: Fact, landedAt: number, tell: Tell): void {
    const { ticket, amount } = order.submitted;
    switch (fact.type) {
      case 'order.held':
        this.checkCleared(order, fact.at, tell);
        order.held = true;
        if (ticket.exit || !exact(amount).greaterThan(this.autonomousThreshold))
          tell(`order ${ticket.orderId} over ${amount} waits for a person, it needs none`);
        // A restart may keep it from hearing that it waits until somebody has approved it.
        this.goAgain(order);
        return;
      case 'approval.decided':
        // What is told of the request of an order that has ended only closes it.
        if (order.end !== undefined || order.decision !== undefined) return;
        order.decision = String(fact.decision);
        order.decidedAt = landedAt;
        if (order.held) this.goAgain(order);
        return;
      case 'order.intended':
        this.checkCleared(order, fact.at, tell);
        order.intended = true;
        order.intendedAt = landedAt;
        if (!ticket.exit && exact(amount).greaterThan(this.autonomousThreshold) && order.decision !== 'approved')
          tell(`order ${ticket.orderId} over ${amount} is intended, and nobody has approved it`);
        return;
      case 'order.sent':
        order.sent = true;
        return;
      case 'order.cancel-requested':
        order.wantsCancel ||= isSomebody(fact.by);
    }
  }

  private goAgain(order: Modelled): void {
    if (order.decision !== 'approved') return;
    order.second = { ...this.round(order.submitted.ticket), isAgain: true };
    order.cleared = false;
  }

  private checkCleared(order: Modelled, decidedAt = order.at, tell: Tell): void {
    if (order.cleared) return;
    order.cleared = true;
    const { must } = forecast(order.submitted, order.at, { ...(order.second ?? order.first), decidedAt });
    if (must) tell(`order ${order.submitted.ticket.orderId} passed its gates, the model says ${must}`);
  }

  private fill(order: Modelled, { quantity, late, end }: OrderFilled): void {
    order.filled = exact(order.filled).plus(quantity).toFixed();
    if (late) order.lateFills += 1;
    else if (end) this.finish(order, 'filled');
  }

  private close(order: Modelled, { end, denial, orderId, by, at }: OrderEnded, tell: Tell): void {
    this.finish(order, end);
    // Behind an approval the product's word alone is not enough: who has decided is told there, too.
    if (order.intended || order.decision === undefined) order.wantsCancel ||= isSomebody(by);
    if (end === 'denied') this.checkDenial(order, denial, at, tell);
    if (end === 'denied' && order.intended) tell(`order ${orderId} was denied after its gates had allowed it`);
  }

  private finish(order: Modelled, end: string): void {
    order.end = end;
    this.open.delete(order);
  }

  private checkDenial(order: Modelled, denial: Denial | undefined, decidedAt = order.at, tell: Tell): void {
    const { orderId } = order.submitted.ticket;
    if (!denial) tell(`order ${orderId} was denied without a reason`);
    if (!denial || order.cleared) return;
    const given = { ...(order.second ?? order.first), decidedAt };
    const why = contradicts(forecast(order.submitted, order.at, given), denial.code);
    if (why) tell(`order ${orderId} was denied by ${denial.code}, but ${why}`);
  }

  /** Every end that is right; `open` stands for none. */
  private endsOf(order: Modelled, venue: AtVenue | undefined): readonly string[] {
    const { intended, sent, held, decision, wantsCancel, lateFills } = order;
    const canceled = wantsCancel ? ['canceled'] : [];
    if (!intended) {
      // Its gates may give up before it hears of it.
      if (decision === 'rejected') return held ? ['canceled'] : ['canceled', 'denied'];
      // Nor need it have heard of this before somebody cancels it.
      if (decision === 'expired') return ['expired', ...(this.mayBeUnwanted(order) ? ['canceled'] : canceled)];
      if (held && decision === undefined) return ['open', ...canceled];
      return ['denied', ...(held && this.mayBeUnwanted(order) ? ['canceled'] : canceled)];
    }
    if (!venue && sent) return ['failed', 'open', ...canceled];
    if (!venue) {
      // Only a life that began behind the intent can't know whether it was handed over, and looks for it in vain.
      const failed = this.lives.some((began) => began >= order.intendedAt) ? ['failed'] : [];
      return ['open', ...failed, ...(order.first.halted === 'never' ? canceled : ['canceled'])];
    }
    switch (venue.status) {
      case 'filled':
        // It had ended here when the venue's last fills became known: the end stays, the fills are booked.
        return lateFills > 0 ? ['filled', 'canceled', 'failed', 'expired'] : ['filled'];
      case 'accepted':
        return ['open'];
      case 'canceled':
        if (wantsCancel || order.submitted.ticket.timeInForce !== 'GTC') return ['canceled'];
        return this.hasLostCancel(order, venue) ? ['canceled'] : ['nothing'];
      default:
        return [venue.status];
    }
  }

  /** A cancel leaves before it is durable: a process that dies in between takes with it who wanted it. */
  private hasLostCancel({ endedAt }: Modelled, { cancelsAskedAt }: AtVenue): boolean {
    return cancelsAskedAt.some((askedAt) => this.starts.some((start) => start > askedAt && start <= endedAt));
  }

  /** Somebody may want an approved order cancelled: a halt, who has asked for it, a run, or who asked a process that died before it answered. */
  private mayBeUnwanted({ submitted: { ticket }, wantsCancel, first, decidedAt }: Modelled): boolean {
    if (wantsCancel || first.inactive !== 'never' || ticket.surface === 'run') return true;
    return this.unwanted.has(ticket.orderId) || this.starts.some((start) => start >= decidedAt);
  }

  private story({ intended, sent, held, decision, wantsCancel }: Modelled, venue: AtVenue | undefined): string {
    const said = [
      held && 'held',
      decision,
      intended && 'intended',
      sent && 'sent',
      wantsCancel && 'somebody wants it cancelled',
      `the venue has it ${venue?.status ?? 'never'}`,
    ];
    return said.filter((part) => typeof part === 'string').join(', ');
  }
}
