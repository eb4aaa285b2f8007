import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact } from '../../domain/decimal.ts';
import type { AccountAnswered, PortfolioAnswered } from '../../messages/account.ts';
import type { EquityMark } from '../../messages/halt.ts';
import type { Quote } from '../../messages/market.ts';
import type { OrderFilled } from '../../messages/order.ts';
import { accountOpen, filled, traderCreated } from '../testing/samples.ts';
import { only, type Stage, stage, types } from '../testing/stage.ts';
import { portfolioAgent } from './portfolio.ts';

function opened(): Stage {
  const portfolio = stage(portfolioAgent());
  portfolio.tell(traderCreated());
  return portfolio;
}

function quote(portfolio: Stage, symbol: string, last: number): void {
  const newest: Quote = { type: 'market.quote', symbol, bid: last, ask: last, last, simulated: true };
  portfolio.quotes.set(symbol, newest);
}

function get(portfolio: Stage): PortfolioAnswered {
  const said = portfolio.tell({ type: 'portfolio.get', accountId: 'acct-1', requestId: 'r' } as Parameters<
    Stage['tell']
  >[0]);
  return only<PortfolioAnswered>(said, 'portfolio.answered');
}

describe('an account', () => {
  it('begins with its budget', () => {
    expect(get(opened())).toMatchObject({
      found: true,
      requestId: 'r',
      cash: '100000',
      equity: '100000',
      positions: [],
    });
  });

  it('that nobody opened is not found', () => {
    expect(get(stage(portfolioAgent())).found).toBe(false);
  });

  it('is valued at the newest quotes', () => {
    const portfolio = opened();
    portfolio.tell(filled({ commission: '1' }));
    quote(portfolio, 'AAPL', 151.5);
    expect(get(portfolio)).toMatchObject({
      cash: '84999',
      equity: '100149',
      unrealizedPnl: '150',
      positions: [
        { symbol: 'AAPL', quantity: '100', averagePrice: '150', currentPrice: '151.5', unrealizedPnl: '150' },
      ],
    });
  });

  it('counts a position at its cost while there is no quote', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    expect(get(portfolio)).toMatchObject({ equity: '100000', unrealizedPnl: '0' });
  });

  it('counts futures with their multiplier', () => {
    const portfolio = opened();
    portfolio.tell(filled({ symbol: 'MNQ', quantity: '1', price: '21000' }));
    quote(portfolio, 'MNQ', 21_010);
    expect(get(portfolio)).toMatchObject({ cash: '58000', equity: '100020', unrealizedPnl: '20' });
  });

  it('shows realised profit and no flat position', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    portfolio.tell(filled({ side: 'sell', price: '160' }));
    expect(get(portfolio)).toMatchObject({ cash: '101000', equity: '101000', realizedPnl: '1000', positions: [] });
  });

  it('is moved by late fills and by fills nobody expected', () => {
    const portfolio = stage(portfolioAgent());
    portfolio.tell(filled({ late: true }));
    portfolio.tell(traderCreated());
    expect(get(portfolio)).toMatchObject({ cash: '85000', positions: [{ quantity: '100' }] });
  });

  it('is the same after a restart', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    const before = get(portfolio);
    portfolio.restart();
    expect(get(portfolio)).toEqual(before);
  });
});

describe('the watch', () => {
  it('values an account once a second while it holds something, and once more after the last close', () => {
    const portfolio = opened();
    expect(portfolio.advance(5_000)).toEqual([]);
    portfolio.tell(filled());
    quote(portfolio, 'AAPL', 140);
    const said = portfolio.advance(3_000);
    expect(types(said)).toEqual(['equity.mark', 'equity.mark', 'equity.mark']);
    expect((said[0] as EquityMark).equity).toBe('99000');
    portfolio.tell(filled({ side: 'sell', price: '130' }));
    expect(only<EquityMark>(portfolio.advance(5_000), 'equity.mark').equity).toBe('98000');
    portfolio.tell(filled());
    expect(types(portfolio.advance(1_000))).toEqual(['equity.mark']);
  });

  it('goes on after a restart', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    portfolio.restart();
    expect(portfolio.advance(2_000)).toHaveLength(2);
  });

  it('spreads accounts over the second', () => {
    const portfolio = stage(portfolioAgent());
    for (let index = 0; index < 40; index += 1) portfolio.tell(filled({ accountId: `acct-agent-${index}` }));
    const perStep = Array.from({ length: 10 }, () => portfolio.advance(100).length);
    expect(perStep.reduce((sum, count) => sum + count)).toBe(40);
    expect(Math.max(...perStep)).toBeLessThan(20);
  });
});

describe('conservation', () => {
  const fill = fc.record({
    symbol: fc.constantFrom('AAPL', 'EURUSD', 'MNQ'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 10_000 }).map(String),
    price: fc.integer({ min: 1, max: 10_000_000 }).map((points) => exact(points).dividedBy(1_000).toFixed()),
    commission: fc.integer({ min: 0, max: 500 }).map((cents) => exact(cents).dividedBy(100).toFixed()),
  });

  it('holds to the last digit: cash + cost + commission = deposits + realised', () => {
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 30 }), (fills) => {
        const portfolio = opened();
        for (const part of fills) portfolio.tell(filled(part as Partial<OrderFilled>));
        const { cash, commission, deposited, positions } = portfolio.state<{
          cash: string;
          commission: string;
          deposited: string;
          positions: Record<string, { cost: string; realizedPnl: string }>;
        }>('acct-1')!;
        let [cost, realized] = [exact(0), exact(0)];
        for (const position of Object.values(positions)) {
          cost = cost.plus(position.cost);
          realized = realized.plus(position.realizedPnl);
        }
        expect(exact(cash).plus(cost).plus(commission).toFixed()).toBe(exact(deposited).plus(realized).toFixed());
      }),
    );
  });

  it('needs no quote: equity at entry prices is deposits + realised - commission', () => {
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 10 }), (fills) => {
        const portfolio = opened();
        let commissions = exact(0);
        for (const part of fills) {
          portfolio.tell(filled(part as Partial<OrderFilled>));
          commissions = commissions.plus(part.commission);
        }
        const { equity, realizedPnl } = get(portfolio);
        expect(equity).toBe(exact('100000').plus(realizedPnl).minus(commissions).toFixed());
      }),
    );
  });
});

describe('an account of the house', () => {
  it('is opened once, with its deposit', () => {
    const portfolio = stage(portfolioAgent());
    const first = portfolio.tell(accountOpen());
    expect(types(first)).toEqual(['account.answered', 'account.opened']);
    expect(only<AccountAnswered>(first, 'account.answered').outcome).toBe('opened');
    const again = portfolio.tell(accountOpen({ deposit: '90000' }));
    expect(types(again)).toEqual(['account.answered']);
    expect(only<AccountAnswered>(again, 'account.answered').outcome).toBe('open-already');
    expect(get(portfolio)).toMatchObject({ cash: '50000', equity: '50000' });
  });

  it('gets no money from a trader that is made on it, also after fills', () => {
    const portfolio = stage(portfolioAgent());
    portfolio.tell(accountOpen());
    portfolio.tell(traderCreated());
    expect(get(portfolio)).toMatchObject({ cash: '50000' });
    portfolio.tell(filled({ quantity: '10' }));
    portfolio.tell(traderCreated({ traderId: 'agent-2' }));
    expect(get(portfolio)).toMatchObject({ cash: '48500', equity: '50000' });
  });

  it('that had a fill before it was opened has its deposit all the same', () => {
    const portfolio = stage(portfolioAgent());
    portfolio.tell(filled({ quantity: '10' }));
    portfolio.tell(accountOpen());
    expect(get(portfolio)).toMatchObject({ cash: '48500' });
  });
});
