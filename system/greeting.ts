/** What a start and the end of a replay print for the person at the terminal. */

import { fromNumber } from '../domain/decimal.ts';
import { findInstrument } from '../domain/instrument.ts';
import { roundToTick } from '../domain/money.ts';
import type { SourceDescription } from '../market/source.ts';
import type { PerformanceAnswered, PortfolioAnswered } from '../messages/account.ts';
import type { Quote } from '../messages/market.ts';
import type { Settings } from './settings.ts';

/** The contracts' own example, where its instrument is quoted. */
const EXAMPLE = { symbol: 'AAPL', side: 'buy', quantity: 10, price: 150, type: 'limit' } as const;
/** About what the contracts' example is worth, in USD. */
const EXAMPLE_VALUE = 1_500;
/** Above the ask, so that it still trades when somebody has read it. */
const EXAMPLE_ROOM_RATIO = 1.002;

/** The instrument that the third example buys. */
export const exampleSymbol = (source: SourceDescription | undefined): string =>
  source?.symbols.includes(EXAMPLE.symbol) ? EXAMPLE.symbol : (source?.symbols[0] ?? EXAMPLE.symbol);

/** A buy limit that the market takes: whole units of what can be traded, at the newest price of what is replayed. */
function exampleOrder(source: SourceDescription | undefined, quote: Quote | undefined): object {
  const symbol = exampleSymbol(source);
  const instrument = findInstrument(symbol);
  if (!instrument || !source || source.simulated) return { ...EXAMPLE, symbol };
  const { tickSize, multiplier, referencePrice } = instrument;
  const ask = (quote?.ask ?? Number(referencePrice)) * EXAMPLE_ROOM_RATIO;
  const price = Number(roundToTick(fromNumber(ask), tickSize));
  const quantity = Math.max(1, Number((EXAMPLE_VALUE / (price * Number(multiplier))).toPrecision(1)));
  return { ...EXAMPLE, symbol, quantity, price };
}

const NOT_POWER_PROOF =
  'Warning: the embedded database survives the death of the process, not a loss of power. Set DATABASE_URL to a PostgreSQL server.';

/** `quote` is the newest of the example's instrument, where one is known. */
export function greeting(
  base: string,
  { profile, databaseUrl }: Pick<Settings, 'profile' | 'databaseUrl'>,
  source: SourceDescription | undefined,
  quote?: Quote,
): string {
  const market = source?.simulated
    ? 'The market is simulated: its prices are invented, the two hours before this start included. Signals come within minutes.'
    : `The market is a replay of ${source?.symbols.join(', ') ?? 'a file'}.`;
  const pages = `Pages:   ${base}/docs (reference)   ${base}/health   ${base}/metrics`;
  if (profile === 'production')
    return [market, pages, ...(databaseUrl === undefined ? [NOT_POWER_PROOF] : [])].join('\n');
  const curl = `curl -s -H 'Authorization: Bearer test-bearer-token'`;
  const json = `-H 'Content-Type: application/json'`;
  return [
    market,
    pages,
    'Token:   test-bearer-token (development only)',
    'Try:',
    `  1. ${curl} ${base}/api/v1/agents`,
    `  2. ${curl} ${json} -d '{"name":"First","type":"trading","config":{"budget":100000,"strategy":"balanced"},"userId":"user-123"}' ${base}/api/v1/agents`,
    `  3. ${curl} ${json} -d '${JSON.stringify(exampleOrder(source, quote))}' ${base}/api/v1/agents/AGENT_ID/trades`,
  ].join('\n');
}

const percent = (ratio: number | null): string => (ratio === null ? 'n/a' : `${(ratio * 100).toFixed(2)} %`);
const figure = (value: number | null): string => (value === null ? 'n/a' : value.toFixed(2));

/** `trades` counts the auto-trader's fills. */
export function replayResult(
  portfolio: PortfolioAnswered,
  performance: PerformanceAnswered,
  trades: number,
  source: SourceDescription,
): string {
  const { progress, badLines = 0, symbols, failure } = source;
  return [
    failure === undefined
      ? `replay finished: ${progress.position} quotes of ${symbols.join(', ')}, ${badLines} bad lines`
      : `replay broke off behind quote ${progress.position}: ${failure}`,
    `  trades         ${trades} fills, ${performance.closedTrades} closed`,
    `  win rate       ${percent(performance.winRate)}`,
    `  profit factor  ${figure(performance.profitFactor)}`,
    `  realised P/L   ${portfolio.realizedPnl} USD`,
    `  open P/L       ${portfolio.unrealizedPnl} USD`,
    `  equity         ${portfolio.equity} USD`,
  ].join('\n');
}
