/** One trial of a search: a set of parameters over a stretch of rows, from nothing. The same task always gives the same answer, in any thread. */
import type { RunTrade } from '../../domain/run.ts';
import type { RunPlan } from '../engine/run.ts';
import { Run } from '../engine/run.ts';
import type { FigureFamily } from '../figures/all.ts';
import { figuresOf } from '../figures/all.ts';
import { addVolumes } from '../report/day-volumes.ts';
import { measuredOf } from '../summary.ts';
import type { ParameterSet } from './grid.ts';
import type { Columns } from './shared-columns.ts';
import type { Stretch } from './walk-forward.ts';

export interface TrialTask {
  readonly parameters: ParameterSet;
  readonly stretch: Stretch;
  /** Figures that are asked for: all of them of a hundred thousand trials would fill the memory. */
  readonly figures: readonly string[];
  readonly wantsTrades: boolean;
}

export interface TrialDone {
  /** One family with the figures that were asked for. */
  readonly families: readonly FigureFamily[];
  /** Empty where they were not wanted. */
  readonly trades: readonly RunTrade[];
}

/** Only what asks for it counts the volumes of its rows. */
const NEEDS_VOLUMES = 'capacity';

/** Throws a ZodError for parameters out of their bounds. */
export function tryOut(plan: RunPlan, columns: Columns, task: TrialTask): TrialDone {
  const { stretch, figures, wantsTrades } = task;
  const run = new Run({ ...plan, parameters: task.parameters });
  run.advance(columns, stretch.from, stretch.to);
  run.finish();
  const trades = [...run.take().trades];
  const volumes = new Map<number, number>();
  if (figures.includes(NEEDS_VOLUMES)) addVolumes(volumes, columns, stretch.from, stretch.to);
  const found = allFigures(plan, run, trades, volumes).filter(({ name }) => figures.includes(name));
  return { families: [{ family: 'Asked for', figures: found }], trades: wantsTrades ? trades : [] };
}

const allFigures = (
  { terms: { multiplier } }: RunPlan,
  run: Run,
  trades: readonly RunTrade[],
  volumes: ReadonlyMap<number, number>,
) => figuresOf(measuredOf(run, trades, { multiplier, volumes })).flatMap((family) => family.figures);

/** The names of all figures that a search can aim at. */
export const figureNames = (plan: RunPlan): readonly string[] =>
  allFigures(plan, new Run(plan), [], new Map()).map(({ name }) => name);
