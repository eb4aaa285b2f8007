import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleLimits } from '../../controls/testing/sample.ts';
import { exact } from '../../domain/decimal.ts';
import type { AccountAnswered, PortfolioAnswered } from '../../messages/account.ts';
import type { EquityDayOpened, EquityMark, EquityPeaked } from '../../messages/halt.ts';
import type { LimitsChanged } from '../../messages/limits.ts';
import type { Quote } from '../../messages/market.ts';
import type { OrderFilled } from '../../messages/order.ts';
import { accountOpen, filled, traderCreated } from '../testing/samples.ts';
import { only, type Stage, stage, types } from '../testing/stage.ts';
import { portfolioAgent } from './portfolio.ts';

const limits = sampleLimits({
  accounts: { default: { exposureMax: '1000000', dailyLossRatioMax: '0.05', drawdownRatioMax: '0.2' } },
});

function opened(): Stage {
  const portfolio = stage(portfolioAgent(limits));
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
    expect(get(stage(portfolioAgent(limits))).found).toBe(false);
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
    const portfolio = stage(portfolioAgent(limits));
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

/** What the breaker records at the first mark of a day. */
function based(portfolio: Stage, day: string, dayEquity: string, peakEquity = dayEquity): void {
  const facts: (EquityDayOpened | EquityPeaked)[] = [
    { type: 'equity.day-opened', accountId: 'acct-1', day, equity: dayEquity },
    { type: 'equity.peaked', accountId: 'acct-1', equity: peakEquity },
  ];
  for (const fact of facts) portfolio.tell(fact);
}

describe('the watch', () => {
  it('tells of an account once a second until the breaker has something to compare with', () => {
    const portfolio = opened();
    expect(portfolio.advance(5_000)).toEqual([]);
    portfolio.tell(filled());
    quote(portfolio, 'AAPL', 140);
    const said = portfolio.advance(3_000);
    expect(types(said)).toEqual(['equity.mark', 'equity.mark', 'equity.mark']);
    expect((said[0] as EquityMark).equity).toBe('99000');
  });

  it('tells what a flat account has before its first fill of a day, so that a loss of the first second counts', () => {
    const portfolio = opened();
    const first = only<EquityMark>(portfolio.tell(filled({ commission: '5' })), 'equity.mark');
    expect(first).toMatchObject({ accountId: 'acct-1', equity: '100000' });
    expect(types(portfolio.tell(filled({ executionId: 'x-2' })))).toEqual([]);
    based(portfolio, '2026-01-05', '100000');
    for (const executionId of ['x-3', 'x-4']) portfolio.tell(filled({ executionId, side: 'sell' }));
    expect(types(portfolio.tell(filled({ executionId: 'x-5' })))).toEqual([]);
    portfolio.tell(filled({ executionId: 'x-6', side: 'sell' }));
    portfolio.advance(24 * 60 * 60 * 1_000);
    expect(types(portfolio.tell(filled({ executionId: 'x-7' })))).toEqual(['equity.mark']);
  });

  it('is silent while nothing can come of it, and tells within the second in which a limit is reached', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    based(portfolio, '2026-01-05', '100000');
    quote(portfolio, 'AAPL', 101);
    expect(portfolio.advance(60_000)).toEqual([]);
    quote(portfolio, 'AAPL', 100);
    expect(only<EquityMark>(portfolio.advance(1_000), 'equity.mark').equity).toBe('95000');
    quote(portfolio, 'AAPL', 100.01);
    expect(portfolio.advance(1_000)).toEqual([]);
  });

  it('tells of a new high from its step on, and of a fall from the highest', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    based(portfolio, '2026-01-05', '100000', '123000');
    quote(portfolio, 'AAPL', 380);
    expect(portfolio.advance(1_000)).toEqual([]);
    quote(portfolio, 'AAPL', 380.615);
    expect(only<EquityMark>(portfolio.advance(1_000), 'equity.mark').equity).toBe('123061.5');
    quote(portfolio, 'AAPL', 134);
    expect(only<EquityMark>(portfolio.advance(1_000), 'equity.mark').equity).toBe('98400');
  });

  it('tells of the first worth of a day', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    quote(portfolio, 'AAPL', 150);
    based(portfolio, '2026-01-05', '100000');
    expect(portfolio.advance(12 * 60 * 60 * 1_000 - 1)).toEqual([]);
    expect(types(portfolio.advance(1))).toEqual(['equity.mark']);
  });

  it('tells first what an account was worth when the day began, however late it looks, and then what it is worth', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    quote(portfolio, 'AAPL', 150);
    based(portfolio, '2026-01-05', '100000');
    const began = (day: number, open: number) =>
      portfolio.tell({ type: 'feed.advanced', position: 0, opens: { AAPL: { day, open } } } as never);
    const today = Date.UTC(2026, 0, 5) / 86_400_000;
    began(today, 140);
    expect(portfolio.advance(2_000)).toEqual([]);
    // Nobody looks over midnight, and half an hour behind it the market has fallen.
    portfolio.now += 12.5 * 60 * 60 * 1_000;
    portfolio.restart();
    began(today + 1, 149);
    quote(portfolio, 'AAPL', 90);
    expect(portfolio.advance(1_000).map((said) => (said as EquityMark).equity)).toEqual(['99900', '94000']);
    based(portfolio, '2026-01-06', '99900');
    expect(only<EquityMark>(portfolio.advance(1_000), 'equity.mark').equity).toBe('94000');
  });

  it('counts to what a day began with nothing that was bought on that day before anybody looked', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    quote(portfolio, 'AAPL', 160);
    based(portfolio, '2026-01-05', '100000');
    portfolio.now += 12.5 * 60 * 60 * 1_000;
    portfolio.restart();
    const day = Date.UTC(2026, 0, 6) / 86_400_000;
    portfolio.tell({ type: 'feed.advanced', position: 0, opens: { AAPL: { day, open: 170 } } } as never);
    portfolio.tell(filled({ orderId: 'order-2', executionId: 'x-2', price: '160' }));
    portfolio.tell(filled({ orderId: 'order-3', executionId: 'x-3', price: '160' }));
    expect(portfolio.advance(1_000).map((said) => (said as EquityMark).equity)).toEqual(['102000', '101000']);
    based(portfolio, '2026-01-06', '102000');
    quote(portfolio, 'AAPL', 90);
    expect(portfolio.advance(1_000).map((said) => (said as EquityMark).equity)).toEqual(['80000']);
  });

  it('counts what has no quote at its cost, and is silent', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    based(portfolio, '2026-01-05', '100000');
    expect(portfolio.advance(2_000)).toEqual([]);
  });

  it('goes by the newest limits', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    quote(portfolio, 'AAPL', 140);
    based(portfolio, '2026-01-05', '100000');
    expect(portfolio.advance(2_000)).toEqual([]);
    const account = { exposureMax: '1', dailyLossRatioMax: '0.01', drawdownRatioMax: '0.2' };
    const changed: LimitsChanged = {
      ...{ type: 'limits.changed', limitsVersion: 2, by: 'anna', reason: 'test' },
      limits: { ...limits, accounts: { default: account } },
    };
    portfolio.tell(changed);
    expect(types(portfolio.advance(2_000))).toEqual(['equity.mark', 'equity.mark']);
  });

  it('values an account once more after its last close', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    quote(portfolio, 'AAPL', 150);
    based(portfolio, '2026-01-05', '100000');
    portfolio.tell(filled({ side: 'sell', price: '149' }));
    expect(only<EquityMark>(portfolio.advance(5_000), 'equity.mark').equity).toBe('99900');
    portfolio.tell(filled({ price: '100' }));
    quote(portfolio, 'AAPL', 50);
    expect(types(portfolio.advance(1_000))).toEqual(['equity.mark']);
  });

  it('goes on after a restart', () => {
    const portfolio = opened();
    portfolio.tell(filled());
    portfolio.restart();
    expect(portfolio.advance(2_000)).toHaveLength(2);
  });

  it('goes on from rows of the build before, which knew only the symbols', () => {
    const { upgrade, prepare } = portfolioAgent(limits);
    const shared = upgrade!(1, ['AAPL', 'MNQ']);
    const asked = prepare!(
      { type: 'portfolio.get' },
      shared,
      (_type, symbol) => ({ type: 'market.quote', last: 7, symbol }) as never,
    );
    expect(asked).toMatchObject({ lasts: { AAPL: 7, MNQ: 7 }, limits });
    const account = { cash: '1', positions: {} };
    expect(upgrade!(1, account)).toBe(account);
  });

  it.each([
    ['of traders', (accountId: string) => traderCreated({ accountId })],
    ['of the house', (accountId: string) => accountOpen({ accountId })],
  ])('spreads many accounts %s over the second', (_whose, opening) => {
    const portfolio = opened();
    for (let index = 0; index < 2_000; index += 1) portfolio.tell(opening(`acct-agent-${index}`));
    portfolio.advance(1_000);
    for (let index = 0; index < 100; index += 1) portfolio.tell(filled({ accountId: `acct-agent-${index}` }));
    const perLook = Array.from({ length: 5 }, () => portfolio.advance(200).length);
    expect(perLook.reduce((sum, count) => sum + count)).toBe(100);
    expect(Math.max(...perLook)).toBeLessThan(50);
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
    const portfolio = stage(portfolioAgent(limits));
    const first = portfolio.tell(accountOpen());
    expect(types(first)).toEqual(['account.answered', 'account.opened']);
    expect(only<AccountAnswered>(first, 'account.answered').outcome).toBe('opened');
    const again = portfolio.tell(accountOpen({ deposit: '90000' }));
    expect(types(again)).toEqual(['account.answered']);
    expect(only<AccountAnswered>(again, 'account.answered').outcome).toBe('open-already');
    expect(get(portfolio)).toMatchObject({ cash: '50000', equity: '50000' });
  });

  it('gets no money from a trader that is made on it, also after fills', () => {
    const portfolio = stage(portfolioAgent(limits));
    portfolio.tell(accountOpen());
    portfolio.tell(traderCreated());
    expect(get(portfolio)).toMatchObject({ cash: '50000' });
    portfolio.tell(filled({ quantity: '10' }));
    portfolio.tell(traderCreated({ traderId: 'agent-2' }));
    expect(get(portfolio)).toMatchObject({ cash: '48500', equity: '50000' });
  });

  it('that had a fill before it was opened has its deposit all the same', () => {
    const portfolio = stage(portfolioAgent(limits));
    portfolio.tell(filled({ quantity: '10' }));
    portfolio.tell(accountOpen());
    expect(get(portfolio)).toMatchObject({ cash: '48500' });
  });
});
