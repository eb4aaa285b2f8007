/** Plans of runs for tests, and what a run of one says. */
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import type { EquityPoint, RunEvent, RunTrade } from '../../domain/run.ts';
import type { BarColumns, TickColumns } from '../../market/columns.ts';
import { findStrategy } from '../../strategies/all.ts';
import type { StrategyDefinition } from '../../strategies/strategy.ts';
import { Run, type RunPlan } from '../engine/run.ts';
import { type Costs, termsOf } from '../engine/terms.ts';

export const planOf = (
  strategy: string,
  symbol: string,
  parameters: Readonly<Record<string, unknown>> = {},
  costs: Partial<Costs> = {},
): RunPlan => ({
  strategy: findStrategy(strategy) as StrategyDefinition,
  parameters,
  terms: termsOf(findInstrument(symbol) as Instrument, costs),
});

/** The same at the quote's sides, as live orders fill, also where a strategy's own rules are about the tick's price. */
export function atQuotes(plan: RunPlan): RunPlan {
  const { fillsAt: _own, ...strategy } = plan.strategy;
  return { ...plan, strategy };
}

export interface Said {
  readonly events: RunEvent[];
  readonly trades: RunTrade[];
  readonly equity: EquityPoint[];
}

export const saidBy = (run: Pick<Run, 'take'>): Said => {
  const { events, trades, equity } = run.take();
  return { events: [...events], trades: [...trades], equity: [...equity] };
};

export function whole(plan: RunPlan, columns: TickColumns | BarColumns): Said {
  const run = new Run(plan);
  run.advance(columns);
  run.finish();
  return saidBy(run);
}
