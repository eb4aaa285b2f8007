/** What the person at the terminal is told to try has to work in the market of that start. */
import { expect, test } from 'vitest';
import type { SourceDescription } from '../market/source.ts';
import type { Quote } from '../messages/market.ts';
import { exampleSymbol, greeting } from './greeting.ts';

const sourceOf = (kind: SourceDescription['kind'], symbols: readonly string[]): SourceDescription => ({
  ...{ kind, simulated: kind === 'simulated', symbols, progress: { position: 0, ended: false } },
});
const DEVELOPMENT = { profile: 'development', databaseUrl: undefined } as const;
const PRODUCTION = { profile: 'production', databaseUrl: 'postgres://server/pitwall' } as const;
const quoteOf = (symbol: string, ask: number): Quote => ({
  ...{ type: 'market.quote', symbol, bid: ask, ask, last: ask, simulated: false },
});

/** The body of the third request. */
function orderIn(text: string): unknown {
  const body = /3\. .* -d '(\{.*\})' /.exec(text)?.[1];
  return body === undefined ? undefined : JSON.parse(body);
}

test('the simulated market is told the example of the contracts, and says that all of it is invented', () => {
  const text = greeting('http://h', DEVELOPMENT, sourceOf('simulated', ['EURUSD', 'AAPL']));
  expect(orderIn(text)).toEqual({ symbol: 'AAPL', side: 'buy', quantity: 10, price: 150, type: 'limit' });
  expect(text).toContain('prices are invented');
});

test.each([
  ['EURUSD', 1.39162, { quantity: 1_000, price: 1.3944 }],
  ['AAPL', 40.1, { quantity: 40, price: 40.18 }],
  ['ES', 1_500.25, { quantity: 1, price: 1_503.25 }],
])('a replay of %s is told an order that its market takes now', (symbol, ask, expected) => {
  const source = sourceOf('replay', [symbol]);
  expect(exampleSymbol(source)).toBe(symbol);
  const order = orderIn(greeting('http://h', DEVELOPMENT, source, quoteOf(symbol, ask)));
  expect(order).toEqual({ symbol, side: 'buy', type: 'limit', ...expected });
});

test('a replay that has not told a price yet is given the usual one of its instrument', () => {
  expect(orderIn(greeting('http://h', DEVELOPMENT, sourceOf('replay', ['EURUSD'])))).toMatchObject({
    symbol: 'EURUSD',
    price: 1.08717,
  });
});

test('in production no request is told, because no token is', () => {
  expect(greeting('http://h', PRODUCTION, sourceOf('simulated', ['AAPL']))).not.toContain('curl');
});

test('production on the embedded database is warned, on a server it is not', () => {
  const market = sourceOf('simulated', ['AAPL']);
  expect(greeting('http://h', { profile: 'production', databaseUrl: undefined }, market)).toContain('loss of power');
  expect(greeting('http://h', PRODUCTION, market)).not.toContain('loss of power');
});
