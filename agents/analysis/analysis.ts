/**
 * Forms an opinion of each instrument from its closed bars. Keeps nothing: after a restart it speaks again once it has seen
 * enough bars, and the same bars give the same signals.
 */

import { stepTrend, TREND_DEFAULTS, TREND_START, type TrendParameters, type TrendState } from '../../market/trend.ts';
import type { Bar } from '../../messages/market.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';

export function analysisAgent(options: Partial<TrendParameters> = {}): AgentDefinition {
  const parameters: TrendParameters = { ...TREND_DEFAULTS, ...options };
  return {
    address: 'analysis',
    version: 1,
    logic: functionLogic<TrendState, Bar>(TREND_START, (state, bar, emit) => {
      const { state: next, signal } = stepTrend(state, bar, parameters);
      if (signal) emit(signal);
      return next;
    }),
    accepts: [],
    observes: { 'market.bar': 'every' },
    durable: false,
    keyed: {
      // Bars of other timeframes reach nobody here.
      key: (message) => {
        const bar = message as Bar;
        return bar.type === 'market.bar' && bar.timeframeMs === parameters.timeframeMs ? bar.symbol : undefined;
      },
      creates: ['market.bar'],
      ended: () => false,
    },
    ignores: ['market.bar', 'resumed'],
  };
}
