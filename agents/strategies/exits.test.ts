/** Exits that do not fill: refused by the venue, or of what the account does not hold. */
import { describe, expect, it } from 'vitest';
import type { OrderEnded } from '../../messages/order.ts';
import { EXIT_REFUSALS_MAX, UNHEARD_MAX } from './orders.ts';
import { cancels, Live, ORDER, submitOf, submits } from './testing/live.ts';

describe('an exit that is refused', () => {
  it('tries an exit that was refused again, every five seconds until it fills', () => {
    const live = new Live();
    live.enter();
    live.filled(ORDER, 10, 102);
    expect(submits(live.see(97))).toBe(1);
    live.ended('trade-run-7-2', 'rejected', { reason: 'the venue is closed' });
    expect(submits(live.see(96, 96, 96, 96))).toBe(0);
    expect(submitOf(live.see(96, 95)).ticket).toMatchObject({ orderId: 'trade-run-7-3', quantity: '10', exit: true });
    live.filled('trade-run-7-3', 10, 95);
    expect(live.collected().trades).toMatchObject([{ exitPrice: 95, reason: 'stop' }]);
  });

  it('tries an exit that is refused again and again more slowly after a minute', () => {
    const live = new Live();
    live.enter();
    live.filled(ORDER, 10, 102);
    live.see(97);
    for (let order = 2; order < 13; order += 1) {
      live.ended(`trade-run-7-${order}`, 'rejected', { reason: 'closed' });
      live.stage.advance(4_000);
      expect(submits(live.see(97))).toBe(1);
    }
    live.ended('trade-run-7-13', 'rejected', { reason: 'closed' });
    live.stage.advance(58_000);
    expect(submits(live.see(97))).toBe(0);
    expect(submits(live.see(97))).toBe(1);
    // What filled a part of it begins to count anew.
    live.filled('trade-run-7-14', 4, 97, { end: false, leavesQuantity: '6' });
    live.ended('trade-run-7-14', 'canceled', { filledQuantity: '4' });
    live.stage.advance(4_000);
    expect(submitOf(live.see(97)).ticket).toMatchObject({ quantity: '6' });
  });

  it('lets a position go that was refused to leave for three days, and says what stays on the account', () => {
    const live = new Live({}, (row) => ({ ...row, refusals: EXIT_REFUSALS_MAX - 1 }));
    live.enter();
    live.filled(ORDER, 10, 102);
    live.stage.restart();
    expect(submits(live.see(97))).toBe(1);
    expect(submits(live.ended('trade-run-7-2', 'rejected', { reason: 'the market is closed' }))).toBe(0);
    const reason =
      '4500 exits in a row were refused: 10 units of EURUSD stay on account demo-fx, and this run closes them no more. the market is closed';
    expect(live.stands).toMatchObject({ state: 'failed', reason });
    expect(live.complaints()).toContain(reason);
    expect(submits(live.see(90, 90))).toBe(0);
  });
});

/** The account's truth: what it could still close of what was asked for. */
const notAnExit = (closable: string, position = closable): Partial<OrderEnded> => ({
  denial: {
    code: 'NOT_AN_EXIT',
    class: 'limit',
    explanation: `${closable} can still be closed.`,
    numbers: { closable, position },
  },
});

describe('what the account does not hold', () => {
  it('is closed as far as it goes at once, looked at for half a minute, and then let go: the run fails and is free', () => {
    const live = new Live();
    live.enter();
    live.filled(ORDER, 10, 102);
    live.see(97);
    const capped = submitOf(live.ended('trade-run-7-2', 'denied', notAnExit('6')));
    expect(capped.ticket).toMatchObject({ orderId: 'trade-run-7-3', quantity: '6', exit: true });
    expect(submitOf(live.filled('trade-run-7-3', 6, 97)).ticket).toMatchObject({ quantity: '4', exit: true });
    let tries = 1;
    for (let order = 4; live.ended(`trade-run-7-${order}`, 'denied', notAnExit('0')).length === 0; order += 1) {
      const said = live.see(97, 97, 97, 97, 97);
      if (submits(said) === 0) break;
      expect(submitOf(said).ticket).toMatchObject({ quantity: '4', exit: true });
      tries += 1;
    }
    expect(tries).toBe(6);
    const reason = 'the account does not hold 4 units of this run, which are let go. 0 can still be closed.';
    expect(live.stands).toMatchObject({ state: 'failed', reason });
    const { trades, events, figures } = live.collected();
    expect(trades).toMatchObject([{ units: 6, exitPrice: 97 }]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'error_occurred', message: reason }));
    expect(figures).toMatchObject({ trades: 1 });
  });

  it('is not what orders of others stand before: that is tried until it fills', () => {
    const live = new Live();
    live.enter();
    live.filled(ORDER, 10, 102);
    live.see(97);
    for (let order = 2; order < 12; order += 1) {
      expect(live.ended(`trade-run-7-${order}`, 'denied', notAnExit('0', '10'))).toEqual([]);
      expect(submitOf(live.see(97, 97, 97, 97, 97)).ticket).toMatchObject({ quantity: '10', exit: true });
    }
    expect(live.stands).toMatchObject({ state: 'running' });
  });

  it('leaves a stop by a person what it is', () => {
    const live = new Live();
    live.enter();
    live.filled(ORDER, 10, 102);
    live.signal('stop');
    for (let order = 2; order < 8; order += 1) {
      live.ended(`trade-run-7-${order}`, 'denied', notAnExit('0'));
      live.see(102, 102, 102, 102, 102);
    }
    expect(live.stands).toMatchObject({ state: 'stopped', reason: null });
  });
});

describe('layers that hold against each other', () => {
  /** Long 30 in the first layer, short 10 in the second one, and the first one is to be closed. */
  const leaving = (): Live => {
    const pips = { take_profit_pips: 20_000, retracement_pips: 10_000 };
    const parameters = { ...pips, momentum_lookback: 1, max_retracements: 1, base_units: 10 };
    const live = new Live({ strategyType: 'floor', parameters });
    for (const [price, quantity] of [
      [101, 10],
      [100, 20],
      [99, 10],
    ] as const) {
      const { ticket } = submitOf(live.see(...(price === 101 ? [100, 101] : [price])));
      live.filled(ticket.orderId, quantity, price);
    }
    const { ticket } = submitOf(live.see(103));
    expect(ticket).toMatchObject({ orderId: 'trade-run-7-4', side: 'sell', quantity: '30', exit: false });
    return live;
  };
  const ends = (live: Live): void => {
    live.filled('trade-run-7-5', 20, 103);
    expect(live.stands).toMatchObject({ state: 'stopped' });
    expect(live.collected().trades.map(({ direction, units, exitPrice }) => [direction, units, exitPrice])).toEqual([
      ['long', 10, 103],
      ['long', 10, 103],
      ['long', 10, 103],
      ['short', 10, 103],
    ]);
  };

  it('are closed at a stop by what the account holds of them, in place of an exit that the gates take for none', () => {
    const live = leaving();
    expect(cancels(live.signal('stop'))).toMatchObject([{ orderId: 'trade-run-7-4' }]);
    const said = live.ended('trade-run-7-4', 'canceled');
    expect(submitOf(said).ticket).toMatchObject({ side: 'sell', quantity: '20', exit: true });
    ends(live);
  });

  it('are closed so when that exit was refused, and behind a restart', () => {
    const live = leaving();
    live.ended('trade-run-7-4', 'denied', { denial: { ...notAnExit('0').denial!, code: 'HALTED', class: 'halt' } });
    expect(submits(live.see(103))).toBe(0);
    live.stage.restart();
    expect(submitOf(live.signal('stop')).ticket).toMatchObject({ side: 'sell', quantity: '20', exit: true });
    live.stage.restart();
    ends(live);
  });

  it('are closed by no order at all where nothing is left of them', () => {
    const live = leaving();
    live.filled('trade-run-7-4', 20, 103, { end: false, leavesQuantity: '10' });
    live.ended('trade-run-7-4', 'canceled', { filledQuantity: '20' });
    expect(submits(live.signal('stop'))).toBe(0);
    expect(live.stands).toMatchObject({ state: 'stopped' });
    expect(live.collected().trades).toHaveLength(4);
  });
});

describe('a run that nobody collects from', () => {
  it('enters nothing more behind its bound, still exits, and goes on once it is heard', () => {
    const parameters = { side: 'long', impulse: 3, pullback: 2, confirmation: 1, target: 4, stop: 4, quantity: 10 };
    const live = new Live({ parameters });
    let orders = 0;
    const fill = (price: number): void => {
      orders += 1;
      live.filled(`trade-run-7-${orders}`, 10, price);
    };
    /** In at 102, out at 106. */
    const trade = (): boolean => {
      if (submits(live.see(100, 103, 101, 102)) === 0) return false;
      fill(102);
      expect(submits(live.see(106))).toBe(1);
      fill(106);
      return true;
    };
    let trades = 0;
    while (trade()) {
      trades += 1;
      expect(trades).toBeLessThan(UNHEARD_MAX);
    }
    const { events, trades: told, equity } = live.collected();
    const lines = events.length + told.length + equity.length;
    expect([told.length, lines > UNHEARD_MAX, lines < UNHEARD_MAX + 20]).toEqual([trades, true, true]);
    live.see(98);
    expect(trade()).toBe(true);
  });
});
