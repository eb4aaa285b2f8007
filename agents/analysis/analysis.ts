/**
 * Forms an opinion of each instrument from its closed bars. Keeps nothing: a new life begins with the bars that the board still
 * shows (`market.history`), without a word about them, and the same bars give the same signals.
 */

import {
  stepTrend,
  TREND_DEFAULTS,
  TREND_START,
  type TrendParameters,
  type TrendState,
  trendBehind,
} from '../../market/trend.ts';
import type { Bar, BarHistory } from '../../messages/market.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';

/** What `prepare` adds to a bar. */
interface Prepared {
  readonly history?: BarHistory;
}

export function analysisAgent(options: Partial<TrendParameters> = {}): AgentDefinition {
  const parameters: TrendParameters = { ...TREND_DEFAULTS, ...options };
  const isOurs = (message: Message): message is Bar =>
    message.type === 'market.bar' && (message as Bar).timeframeMs === parameters.timeframeMs;

  /** Only bars before this one: the board may be ahead of who reads it. */
  function recalled({ history, start }: Bar & Prepared): TrendState {
    if (history?.timeframeMs !== parameters.timeframeMs) return TREND_START;
    return trendBehind(
      history.bars.filter(({ end }) => end <= start),
      parameters,
    );
  }

  return {
    address: 'analysis',
    version: 1,
    logic: functionLogic<TrendState, Bar & Prepared>(TREND_START, (state, bar, emit) => {
      const known = state.bars.length === 0 ? recalled(bar) : state;
      const { state: next, signal } = stepTrend(known, bar, parameters);
      if (signal) emit(signal);
      return next;
    }),
    accepts: [],
    observes: { 'market.bar': 'every' },
    durable: false,
    keyed: {
      // Bars of other timeframes reach nobody here.
      key: (message) => (isOurs(message) ? message.symbol : undefined),
      creates: ['market.bar'],
      ended: () => false,
    },
    prepare(message, _shared, latest): Message & Prepared {
      const history = isOurs(message)
        ? (latest('market.history', message.symbol) as BarHistory | undefined)
        : undefined;
      return history ? { ...message, history } : message;
    },
    ignores: ['market.bar', 'resumed'],
  };
}
