/** A live run alone on a stage: which orders it asks for, what it makes of every end that one can have, and what a restart finds. */
import { describe, expect, it } from 'vitest';
import type { Message } from '../../runtime/message.ts';
import { types } from '../testing/stage.ts';
import type { LiveState } from './state.ts';
import { strategiesAgent } from './strategies.ts';
import { cancels, Live, ORDER, submitOf, submits } from './testing/live.ts';

describe('a live run', () => {
  it('makes the trader of its task, and asks for orders in its name at the price that it saw', () => {
    const live = new Live();
    expect(live.begun).toMatchObject([
      { type: 'trader.create', traderId: 'agent-task-3', accountId: 'demo-fx', userId: 'user-1' },
    ]);
    const { ticket, quote } = live.enter();
    expect(ticket).toMatchObject({
      ...{ orderId: ORDER, traderId: 'agent-task-3', accountId: 'demo-fx', userId: 'user-1', symbol: 'EURUSD' },
      ...{ side: 'buy', quantity: '10', price: '102', orderType: 'market', timeInForce: 'IOC', exit: false },
    });
    expect(quote).toMatchObject({ bid: '102', ask: '102' });
    expect(submits(live.see(103, 104))).toBe(0);
  });

  it('that somebody else started, or let go on, says with each order who has asked for it, so that he approves none', () => {
    expect(new Live().enter().ticket).not.toHaveProperty('submittedBy');
    const live = new Live({}, undefined, 'admin-1');
    expect(live.enter().ticket).toMatchObject({ userId: 'user-1', submittedBy: 'admin-1' });
    live.filled(ORDER, 10, 102);
    live.stage.restart();
    expect(submitOf(live.see(98)).ticket).toMatchObject({ submittedBy: 'admin-1' });
    live.filled('trade-run-7-2', 10, 98);
    live.signal('pause', 'admin-1');
    live.signal('resume', 'user-1');
    expect(submitOf(live.see(100, 104, 101, 103)).ticket).not.toHaveProperty('submittedBy');
    const resumed = new Live();
    resumed.signal('pause', 'user-1');
    resumed.signal('resume', 'admin-2');
    expect(resumed.enter().ticket).toMatchObject({ submittedBy: 'admin-2' });
  });

  it('enters in whole steps of its market, and with less than one as it was asked, so that it hears why not', () => {
    const quantityOf = (quantity: number) => {
      const parameters = { impulse: 3, pullback: 2, confirmation: 1, target: 4, stop: 4, quantity };
      return new Live({ parameters }).enter().ticket.quantity;
    };
    expect([quantityOf(10.9), quantityOf(1), quantityOf(0.5)]).toEqual(['10', '1', '0.5']);
  });

  it('has one order under way at a time, each under an id of its own, and books what it came to', () => {
    const live = new Live();
    live.enter();
    live.filled(ORDER, 10, 102.5);
    expect(submits(live.see(106))).toBe(0);
    const exit = submitOf(live.see(107));
    expect(exit.ticket).toMatchObject({ orderId: 'trade-run-7-2', side: 'sell', quantity: '10', exit: true });
    live.filled('trade-run-7-2', 10, 107);
    const { trades, figures } = live.collected();
    expect(trades).toMatchObject([
      { entryPrice: 102.5, exitPrice: 107, units: 10, commission: 1, pnl: 44, reason: 'target' },
    ]);
    expect(figures).toMatchObject({ trades: 1, processed: 6 });
  });

  it('says what a gate or the venue refused, and tries the next entry half a minute later', () => {
    const live = new Live();
    live.enter();
    const denial = { code: 'EXPOSURE_LIMIT', class: 'limit', explanation: 'Too much.', numbers: {} } as const;
    live.ended(ORDER, 'denied', { denial });
    expect(live.complaints()).toEqual(['Entry of 10 was denied. Too much.']);
    expect(submits(live.see(106, 103, 104.5))).toBe(0);
    live.stage.advance(30_000);
    expect(submitOf(live.see(108, 105, 106.5)).ticket.orderId).toBe('trade-run-7-2');
    live.ended('trade-run-7-2', 'rejected', { reason: 'closed' });
    expect(live.complaints()).toEqual(['Entry of 10 was rejected. closed']);
  });

  it('holds what a part of an entry filled, and closes just that', () => {
    const live = new Live();
    live.enter();
    live.filled(ORDER, 4, 102, { end: false, leavesQuantity: '6' });
    live.ended(ORDER, 'canceled', { filledQuantity: '4' });
    expect(submitOf(live.see(98)).ticket).toMatchObject({ quantity: '4', exit: true });
    live.filled('trade-run-7-2', 1, 98, { end: false, leavesQuantity: '3' });
    live.ended('trade-run-7-2', 'canceled', { filledQuantity: '1' });
    live.stage.advance(5_000);
    expect(submitOf(live.see(97)).ticket).toMatchObject({ orderId: 'trade-run-7-3', quantity: '3' });
  });

  it('cancels an entry that has waited for a minute, once', () => {
    const live = new Live();
    live.enter();
    expect(cancels(live.see(...Array(59).fill(102)))).toEqual([]);
    expect(cancels(live.see(102, 102, 102))).toMatchObject([{ orderId: ORDER, reason: 'it has waited too long' }]);
    live.ended(ORDER, 'canceled');
    expect(live.complaints()).toEqual(['Entry of 10 was canceled.']);
  });

  it('asks about an order of which nothing is heard, and forgets one that nobody knows', () => {
    const live = new Live();
    live.enter();
    const asked = live.stage.advance(60_000);
    expect(asked).toMatchObject([{ type: 'order.get', orderId: ORDER, wait: false }]);
    live.stage.tell({ type: 'order.answered', orderId: ORDER, order: { orderId: ORDER } } as never);
    expect(submits(live.see(106, 103, 104.5))).toBe(0);
    live.stage.tell({ type: 'order.answered', orderId: ORDER, order: null } as never);
    expect(submitOf(live.see(107, 104, 105.5)).ticket.orderId).toBe('trade-run-7-2');
  });

  it('paused enters nothing and cancels what was on its way in; exits that rest go on', () => {
    const live = new Live();
    live.enter();
    expect(cancels(live.signal('pause'))).toMatchObject([{ orderId: ORDER, reason: 'the run is paused' }]);
    live.filled(ORDER, 10, 102);
    expect(live.stands).toMatchObject({ state: 'paused' });
    expect(submitOf(live.see(98)).ticket).toMatchObject({ exit: true });
    live.filled('trade-run-7-2', 10, 98);
    expect(submits(live.see(100, 104, 101, 103))).toBe(0);
    live.signal('resume');
    expect(submits(live.see(101, 98, 102, 99.5, 101))).toBe(1);
  });

  it('sees the market while it is paused: its bars have no hole, its averages no jump', () => {
    const bars = {
      strategyType: 'sma_cross',
      granularity: '1m',
      parameters: { fast: 1, slow: 2, quantity: 10 },
    } as const;
    const entries = (pauses: boolean) => {
      const live = new Live(bars);
      const minute = (price: number): Message[] => [...live.see(price), ...live.stage.advance(59_000)];
      minute(100);
      minute(99);
      if (pauses) live.signal('pause');
      const paused = [98, 97, 90].flatMap(minute);
      if (pauses) live.signal('resume');
      expect(submits(paused)).toBe(0);
      return [91, 92, 93].map((price) => minute(price)).map(submits);
    };
    expect(entries(true)).toEqual(entries(false));
    expect(entries(true)).toEqual([0, 1, 0]);
  });

  it('forgets after a pause what it would have entered meanwhile, behind an order that was still under way, too', () => {
    const bars = {
      strategyType: 'sma_cross',
      granularity: '1m',
      parameters: { fast: 1, slow: 2, quantity: 10 },
    } as const;
    const enters = (pauses: boolean): number => {
      const live = new Live(bars);
      const minute = (price: number): Message[] => [...live.see(price), ...live.stage.advance(59_000)];
      const { ticket } = submitOf([98, 97, 90, 91, 92].flatMap(minute));
      if (pauses) live.signal('pause');
      [80, 70].forEach(minute);
      if (pauses) live.signal('resume');
      expect(submitOf(live.filled(ticket.orderId, 10, 92)).ticket).toMatchObject({ side: 'sell', exit: true });
      return submits(live.filled('trade-run-7-2', 10, 70));
    };
    expect([enters(false), enters(true)]).toEqual([1, 0]);
  });

  it('closes what its strategy left while it was on its way in: filled all the same, in part, late, or after a restart', () => {
    const bars = { strategyType: 'sma_cross', granularity: '1m' } as const;
    const entering = (): Live => {
      const live = new Live({ ...bars, parameters: { fast: 1, slow: 2, quantity: 10, side: 'long' } });
      const minute = (price: number): Message[] => [...live.see(price), ...live.stage.advance(59_000)];
      expect(submitOf([98, 97, 90, 91, 92].flatMap(minute)).ticket).toMatchObject({ orderId: ORDER, side: 'buy' });
      expect(cancels([80, 79].flatMap(minute))).toMatchObject([{ orderId: ORDER }]);
      return live;
    };
    const exit = (said: readonly Message[], quantity: string): void =>
      expect(submitOf(said).ticket).toMatchObject({ side: 'sell', quantity, exit: true });
    exit(entering().filled(ORDER, 10, 92), '10');
    const part = entering();
    part.filled(ORDER, 4, 92, { end: false, leavesQuantity: '6' });
    exit(part.ended(ORDER, 'canceled', { filledQuantity: '4' }), '4');
    const late = entering();
    late.ended(ORDER, 'canceled');
    exit(late.filled(ORDER, 10, 92), '10');
    const restarted = entering();
    restarted.collected();
    restarted.stage.restart();
    exit(restarted.filled(ORDER, 10, 92), '10');
  });

  it('turns at once where the entry that it no longer wants was cancelled in time', () => {
    const bars = { strategyType: 'sma_cross', granularity: '1m' } as const;
    const live = new Live({ ...bars, parameters: { fast: 1, slow: 2, quantity: 10 } });
    const minute = (price: number): Message[] => [...live.see(price), ...live.stage.advance(59_000)];
    [98, 97, 90, 91, 92].flatMap(minute);
    expect(cancels([80, 79].flatMap(minute))).toHaveLength(1);
    expect(submitOf(live.ended(ORDER, 'canceled')).ticket).toMatchObject({ side: 'sell', quantity: '10', exit: false });
  });

  it('cancels once more what it hears is still there, a minute or a restart later', () => {
    const live = new Live();
    live.enter();
    expect(cancels(live.signal('stop'))).toHaveLength(1);
    expect(cancels(live.see(102, 102))).toEqual([]);
    const there = { type: 'order.answered', orderId: ORDER, order: { orderId: ORDER } } as never;
    for (const asked of [live.stage.restart(), live.stage.advance(60_000)]) {
      expect(types(asked)).toEqual(['order.get']);
      expect(cancels(live.stage.tell(there))).toMatchObject([{ orderId: ORDER, reason: 'the run is closing' }]);
    }
    live.ended(ORDER, 'canceled');
    expect(live.stands).toMatchObject({ state: 'stopped' });
  });

  it('cancels an entry on its way at once when what it holds has to be closed', () => {
    const floor = { momentum_lookback: 1, take_profit_pips: 20_000, retracement_pips: 10_000, base_units: 10 };
    const live = new Live({ strategyType: 'floor', parameters: floor });
    const first = submitOf(live.see(100, 101, 102));
    live.filled(first.ticket.orderId, 10, 102);
    expect(submitOf(live.see(101)).ticket).toMatchObject({ orderId: 'trade-run-7-2', side: 'buy' });
    expect(cancels(live.see(102, 103))).toEqual([]);
    expect(cancels(live.see(105))).toMatchObject([{ orderId: 'trade-run-7-2', reason: 'an exit comes first' }]);
    expect(cancels(live.see(105))).toEqual([]);
    expect(submitOf(live.ended('trade-run-7-2', 'canceled')).ticket).toMatchObject({ side: 'sell', quantity: '10' });
  });

  it('stopped closes everything first, what fills meanwhile as well, and ends flat', () => {
    const live = new Live();
    live.enter();
    expect(cancels(live.signal('stop'))).toHaveLength(1);
    expect(live.stands).toMatchObject({ state: 'running' });
    expect(submitOf(live.filled(ORDER, 10, 102)).ticket).toMatchObject({ side: 'sell', quantity: '10', exit: true });
    live.filled('trade-run-7-2', 10, 101.5);
    expect(live.stands).toMatchObject({ state: 'stopped' });
    expect(live.collected().trades).toMatchObject([{ reason: 'end', exitPrice: 101.5 }]);
    live.stage.tell({ type: 'run.changed', executionId: 7, taskId: 3, status: 'stopped' } as never);
    expect(live.stage.entities()).toEqual([]);
    expect(live.stands).toMatchObject({ found: false });
  });

  it('books a fill that is told after the end of its order, and says of one that it does not follow', () => {
    const live = new Live();
    live.enter();
    live.ended(ORDER, 'canceled');
    live.filled(ORDER, 10, 102);
    expect(submitOf(live.see(98)).ticket).toMatchObject({ quantity: '10', exit: true });
    live.filled('trade-run-7-9', 3, 98);
    expect(live.complaints().at(-1)).toContain('Order trade-run-7-9 filled 3 after its end');
  });

  it('that has ended flat stays so: a fill behind its end is told, and not held', () => {
    const live = new Live();
    live.enter();
    live.ended(ORDER, 'canceled');
    live.signal('stop');
    live.filled(ORDER, 10, 102);
    const { events, figures } = live.collected();
    expect(events.at(-1)).toMatchObject({ message: expect.stringContaining(`Order ${ORDER} filled 10 after its end`) });
    expect(figures).toMatchObject({ trades: 0 });
    expect(live.stage.state<LiveState>('7')?.memory).toMatchObject({ book: { openEntries: 0 } });
  });

  it('does not begin before its time, and ends at it, completed', () => {
    expect(submits(new Live({ startAt: Number.MAX_SAFE_INTEGER }).see(100, 103, 101, 102))).toBe(0);
    const live = new Live({ endAt: new Live().stage.now + 6_000 });
    live.enter();
    live.filled(ORDER, 10, 102);
    expect(submitOf(live.see(102, 102)).ticket).toMatchObject({ exit: true });
    live.filled('trade-run-7-2', 10, 102);
    expect(live.stands).toMatchObject({ state: 'done', progressRatio: 1 });
  });
});

describe('a run that fails', () => {
  it('because its state can not be saved closes what it held by its row, and ends failed', () => {
    const live = new Live();
    live.enter();
    live.filled(ORDER, 10, 102);
    live.see(Number.NaN);
    const said = live.stage.tell({ type: 'live.collect', executionId: 7, taken: 0 } as Message);
    expect(submitOf(said).ticket).toMatchObject({ side: 'sell', quantity: '10', price: '102', exit: true });
    expect(live.complaints()).toEqual([expect.stringMatching(/^the strategy failed: Invariant: .* not NaN$/)]);
    live.filled('trade-run-7-2', 10, 102);
    expect(live.stands).toMatchObject({ state: 'failed', reason: expect.stringContaining('not NaN') });
  });

  it('before it began says so, and trades nothing', () => {
    const live = new Live({ parameters: { impulse: -1 } });
    expect(live.begun).toEqual([]);
    expect(live.stands).toMatchObject({ found: true, state: 'failed', isNews: false });
    expect(submits(live.see(100, 103, 101, 102))).toBe(0);
    live.stage.tell({ type: 'run.changed', executionId: 7, taskId: 3, status: 'failed' } as never);
    expect(live.stage.entities()).toEqual([]);
  });

  it('because another build does not know its memory is cancelled, tells what it had said, and ends alone', () => {
    const live = new Live({}, (row) => ({ ...row, memory: { another: 1 } }));
    live.enter();
    const first = live.collected();
    live.filled(ORDER, 4, 102, { end: false, leavesQuantity: '6' });
    live.stage.restart();
    expect(cancels(live.see(103))).toMatchObject([{ orderId: ORDER, reason: 'the run has failed' }]);
    const { state, reason } = live.stands as { state: string; reason: string };
    expect([state, reason]).toEqual(['failed', expect.stringContaining('a checkpoint of another version')]);
    expect(reason).toContain('What it holds stays on account demo-fx');
    expect(live.collected()).toEqual(first);
    expect([submits(live.see(97)), cancels(live.see(97))]).toEqual([0, []]);
  });

  it('to be read only after its end has ended as it did, and its last words are kept', () => {
    const live = new Live({}, (row) => ({ ...row, memory: { another: 1 } }));
    live.enter();
    live.collected();
    live.ended(ORDER, 'rejected');
    live.signal('stop');
    live.stage.restart();
    expect(live.stands).toMatchObject({ state: 'stopped', reason: null, isNews: true });
    expect(live.collected(1).events).toMatchObject([{ message: 'Entry of 10 was rejected.' }]);
    expect(live.collected(1).events).toHaveLength(1);
    expect(live.stands).toMatchObject({ isNews: false });
  });

  it('has rows of the build before taken over, and refuses those of one to come by name', () => {
    const { upgrade, version } = strategiesAgent();
    expect(upgrade?.(1, { executionId: 7, phase: 'running' })).toMatchObject({
      executionId: 7,
      unheld: 0,
      refusals: 0,
      exitUnitsMax: null,
    });
    expect(upgrade?.(3, { unheld: 2, memory: null })).toMatchObject({ unheld: 2, refusals: 0 });
    const wish = { kind: 'entry', entry: { direction: 1, units: 10, layer: 1 } };
    expect(upgrade?.(2, { memory: { processed: 4 }, working: { wish } })).toMatchObject({
      memory: { processed: 4, asked: { entry: wish.entry, isLeft: false } },
    });
    expect(upgrade?.(2, { memory: { processed: 4 }, working: null })).toMatchObject({ memory: { asked: null } });
    const strategy = { input: 'bars', closes: [1, 2, 3], slot: 1, seen: 3, fastSum: 2, slowSum: 6, before: -1 };
    const { input, ...watch } = strategy;
    const memory = { asked: null, strategy, processed: 9 };
    expect(upgrade?.(4, { task: { strategyType: 'sma_cross' }, memory })).toHaveProperty('memory', {
      ...memory,
      ...{ strategy: { input }, watch: { cued: 0, ...watch } },
    });
    expect(() => upgrade?.((version ?? 0) + 1, {})).toThrow('no rows of version 6');
  });
});

describe('a restart', () => {
  it('finds the order under way, asks what became of it, and never asks for it twice', () => {
    const live = new Live();
    live.enter();
    expect(live.stage.restart()).toMatchObject([{ type: 'order.get', orderId: ORDER }]);
    expect(submits(live.see(102, 106, 103, 104.5))).toBe(0);
    live.filled(ORDER, 10, 102);
    expect(submitOf(live.see(106)).ticket.orderId).toBe('trade-run-7-2');
  });

  it('goes on with what it held and said, and gives the same part again', () => {
    const live = new Live();
    live.enter();
    live.filled(ORDER, 10, 102);
    const part = live.collected();
    live.stage.restart();
    expect(live.collected()).toEqual(part);
    expect(submitOf(live.see(97)).ticket).toMatchObject({ quantity: '10', exit: true });
  });

  it('finds every part on record that changed its row, once', () => {
    const live = new Live();
    live.enter();
    live.filled(ORDER, 10, 102);
    const collect = () => live.stage.tell({ type: 'live.collect', executionId: 7, taken: 0 } as Message);
    const made = (said: readonly Message[]) => said.filter(({ type }) => type === 'live.part-made');
    const first = collect();
    expect(made(first)).toMatchObject([{ executionId: 7, part: 1, processed: 4, trades: 0 }]);
    live.stage.restart();
    expect(made(collect())).toEqual([]);
  });

  it('has figures without a line for whoever asks, and a row for them every ten seconds only', () => {
    const live = new Live();
    live.enter();
    live.collected();
    const asked = (taken: number) => live.stage.tell({ type: 'live.collect', executionId: 7, taken } as Message);
    live.see(101);
    const glimpse = asked(1);
    expect(glimpse).toMatchObject([
      { type: 'live.collected', part: 2, output: expect.stringContaining('"events":[]') },
    ]);
    expect(asked(1)).toEqual(glimpse);
    live.stage.advance(10_000);
    live.see(101);
    expect(types(asked(2))).toEqual(['live.part-made', 'live.collected']);
  });

  it('goes on behind figures that no row knows of, and loses no line', () => {
    const live = new Live();
    live.enter();
    live.collected();
    live.see(101);
    live.collected(1);
    live.stage.restart();
    live.filled(ORDER, 10, 102);
    expect(live.stands).toMatchObject({ isNews: true });
    expect(live.collected(2).events.length).toBeGreaterThan(0);
  });

  it('before its first order makes its trader once more, in case nobody heard', () => {
    expect(types(new Live().stage.restart())).toEqual(['trader.create']);
  });
});
