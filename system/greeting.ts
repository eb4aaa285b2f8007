/** What a start and the end of a replay print for the person at the terminal. */

import type { SourceDescription } from '../market/source.ts';
import type { PerformanceAnswered, PortfolioAnswered } from '../messages/account.ts';

export function greeting(base: string, isDevelopment: boolean, source: SourceDescription | undefined): string {
  const market = source?.simulated
    ? 'The market is simulated: its prices are invented.'
    : `The market is a replay of ${source?.symbols.join(', ') ?? 'a file'}.`;
  const pages = `Pages:   ${base}/docs (reference)   ${base}/health   ${base}/metrics`;
  if (!isDevelopment) return `${market}\n${pages}`;
  const curl = `curl -s -H 'Authorization: Bearer test-bearer-token'`;
  const json = `-H 'Content-Type: application/json'`;
  return [
    market,
    pages,
    'Token:   test-bearer-token (development only)',
    'Try:',
    `  1. ${curl} ${base}/api/v1/agents`,
    `  2. ${curl} ${json} -d '{"name":"First","type":"trading","config":{"budget":100000,"strategy":"balanced"},"userId":"user-123"}' ${base}/api/v1/agents`,
    `  3. ${curl} ${json} -d '{"symbol":"AAPL","side":"buy","quantity":10,"price":150,"type":"limit"}' ${base}/api/v1/agents/AGENT_ID/trades`,
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
