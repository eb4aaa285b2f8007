import { describe, expect, it } from 'vitest';
import type { PerformanceAnswered } from '../../messages/account.ts';
import type { EquityDayOpened } from '../../messages/halt.ts';
import type { Message } from '../../runtime/message.ts';
import { filled, traderCreated } from '../testing/samples.ts';
import { only, type Stage, stage } from '../testing/stage.ts';
import { performanceAgent } from './performance.ts';

function started(): Stage {
  const performance = stage(performanceAgent());
  performance.tell(traderCreated());
  return performance;
}

function get(performance: Stage): PerformanceAnswered {
  const said = performance.tell({ type: 'performance.get', accountId: 'acct-1' } as Message);
  return only<PerformanceAnswered>(said, 'performance.answered');
}

function open(performance: Stage, day: string, equity: number): void {
  const opened: EquityDayOpened = { type: 'equity.day-opened', accountId: 'acct-1', day, equity: String(equity) };
  performance.tell(opened);
}

describe('closed trades', () => {
  it('are none at first, and then no ratio is a number', () => {
    expect(get(started())).toMatchObject({
      found: true,
      closedTrades: 0,
      winRate: null,
      profitFactor: null,
      realizedPnl: '0',
      maxDrawdownRatio: 0,
      sharpe: null,
      sortino: null,
    });
  });

  it('of an unknown account are not found', () => {
    expect(get(stage(performanceAgent())).found).toBe(false);
  });

  it('are fills against the position, wins, losses and even ones', () => {
    const performance = started();
    performance.tell(filled({ quantity: '300', price: '100' }));
    performance.tell(filled({ quantity: '100', price: '101', side: 'sell' }));
    performance.tell(filled({ quantity: '100', price: '98', side: 'sell' }));
    performance.tell(filled({ quantity: '100', price: '100', side: 'sell' }));
    const figures = get(performance);
    expect(figures).toMatchObject({ closedTrades: 3, realizedPnl: '-100', profitFactor: 0.5 });
    expect(figures.winRate).toBeCloseTo(1 / 3, 12);
  });

  it('count short positions too, and one fill that crosses zero closes one trade', () => {
    const performance = started();
    performance.tell(filled({ side: 'sell', quantity: '10', price: '100' }));
    performance.tell(filled({ side: 'sell', quantity: '10', price: '110' }));
    performance.tell(filled({ side: 'buy', quantity: '30', price: '100' }));
    expect(get(performance)).toMatchObject({ closedTrades: 1, winRate: 1, realizedPnl: '100', profitFactor: null });
  });

  it('have no profit factor without a loss', () => {
    const performance = started();
    performance.tell(filled({ price: '100' }));
    performance.tell(filled({ price: '110', side: 'sell' }));
    expect(get(performance).profitFactor).toBeNull();
  });
});

describe('daily figures', () => {
  it('follow from the equity that opened each UTC day', () => {
    const performance = started();
    [100, 110, 99, 108.9].forEach((equity, index) => {
      open(performance, `2026-01-0${index + 5}`, equity);
    });
    // Returns +10 %, -10 %, +10 %: mean 1/30, sample deviation sqrt(1/75), downside deviation sqrt(0.01/3).
    const { sharpe, sortino, maxDrawdownRatio } = get(performance);
    expect(sharpe).toBeCloseTo((1 / 30 / Math.sqrt(1 / 75)) * Math.sqrt(252), 9);
    expect(sortino).toBeCloseTo((1 / 30 / Math.sqrt(0.01 / 3)) * Math.sqrt(252), 9);
    expect(maxDrawdownRatio).toBeCloseTo(0.1, 12);
  });

  it('take days between two openings as days without a return', () => {
    const idle = started();
    open(idle, '2026-01-05', 100);
    open(idle, '2026-01-08', 110);
    const daily = started();
    [100, 110, 110, 110].forEach((equity, index) => {
      open(daily, `2026-01-0${index + 5}`, equity);
    });
    expect(get(idle)).toEqual(get(daily));
  });

  it('need two returns that differ', () => {
    const performance = started();
    open(performance, '2026-01-05', 100);
    open(performance, '2026-01-06', 110);
    expect(get(performance).sharpe).toBeNull();
    open(performance, '2026-01-07', 121);
    expect(get(performance).sortino).toBeNull();
  });

  it('survive a restart', () => {
    const performance = started();
    [100, 90, 95].forEach((equity, index) => {
      open(performance, `2026-01-0${index + 5}`, equity);
    });
    const before = get(performance);
    performance.restart();
    expect(get(performance)).toEqual(before);
  });
});
