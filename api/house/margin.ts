/** What an account's positions tie up: initial and maintenance margin a position, in all, and what is free beside it. */
import { z } from '@hono/zod-openapi';
import { minus, plus, times } from '../../domain/decimal.ts';
import { findInstrument, multiplierOf, tiedUp } from '../../domain/instrument.ts';
import type { PortfolioAnswered, PortfolioGet, PositionView } from '../../messages/account.ts';
import { notFound } from '../kit/problem.ts';
import { type Route, route } from '../kit/route.ts';
import { common, OPERATORS } from './surface.ts';

const amount = z.string().openapi({ description: 'Decimal text in account currency' });
const positionMargin = z.object({
  symbol: z.string(),
  quantity: z.string(),
  value: amount,
  initial: amount,
  maintenance: amount,
  basis: z.string().openapi({ description: 'The rule, or whose list of which day' }),
});
const accountMargin = z
  .object({
    account_id: z.string(),
    equity: amount,
    initial: amount,
    maintenance: amount,
    free: amount.openapi({ description: 'Equity less initial margin; below 0 nothing more may be opened' }),
    positions: z.array(positionMargin),
  })
  .openapi('AccountMargin');

/** At its last price. */
function marginOf({ symbol, quantity, currentPrice }: PositionView): z.output<typeof positionMargin> {
  const value = times(times(quantity, currentPrice), multiplierOf(symbol));
  const instrument = findInstrument(symbol);
  return {
    symbol,
    quantity,
    value,
    ...tiedUp(instrument, quantity, value),
    basis: instrument?.margin.basis ?? 'unknown instrument',
  };
}

export const marginRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/accounts/:accountId/margin',
    policy: OPERATORS,
    summary: 'What an account ties up, and what is free',
    params: z.object({ accountId: z.string() }),
    responses: { 200: accountMargin },
    refusals: [404],
  })(async (call) => {
    const { accountId } = call.params;
    const question: PortfolioGet = { type: 'portfolio.get', accountId };
    const { found, equity, positions: held } = await call.ask<PortfolioAnswered>(question);
    if (!found) throw notFound('Account', accountId);
    const positions = held.map(marginOf);
    const initial = positions.reduce((sum, tied) => plus(sum, tied.initial), '0');
    const maintenance = positions.reduce((sum, tied) => plus(sum, tied.maintenance), '0');
    const body = { account_id: accountId, equity, initial, maintenance, free: minus(equity, initial), positions };
    return { status: 200, body };
  }),
];
