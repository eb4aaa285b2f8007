/** What a search is asked for: axes of the grid, what counts as better, and how it walks. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Axes, GRID_SETS_MAX, gridOf, type ParameterSet, rangeOf } from '../../../runs/optimize/grid.ts';
import type { StrategyDefinition } from '../../../strategies/strategy.ts';
import { badUsage } from '../outcome.ts';
import { wholeNumber } from '../whole-number.ts';
import { addRunOptions, decimal, type RunFlags } from './flags.ts';
import { checkParameters, collectPairs, readValue } from './parameters.ts';

export interface OptimizeFlags extends RunFlags {
  readonly grid: Readonly<Record<string, string>>;
  readonly objective: string;
  readonly lower: boolean;
  readonly minTrades: number;
  readonly top: number;
  readonly threads?: number;
  /** Folds. */
  readonly walkForward?: number;
  readonly train: number;
  readonly anchored: boolean;
}

const TRAIN_TESTS = 2;
const TOP = 10;
const FOLDS_MAX = 1_000;

/** From `a:b:step`, or `x,y,z`: a value that is written twice is tried once. */
function axisOf(name: string, text: string): readonly unknown[] {
  const bounds = /^(-?[\d.]+):(-?[\d.]+):([\d.]+)$/.exec(text);
  const [first, last, step] = bounds ? bounds.slice(1).map(Number) : [];
  if (first === undefined || last === undefined || step === undefined)
    return [...new Set(text.split(',').map(readValue))];
  try {
    if (last < first) throw new RangeError(`no range from ${first} up to ${last}`);
    return rangeOf(first, last, step);
  } catch (error) {
    throw badUsage(`--grid ${name}: ${(error as Error).message}`);
  }
}

export interface Grid {
  /** As the strategy takes them, every default filled in. */
  readonly sets: readonly ParameterSet[];
  /** What the axes gave to each set: what a person tells them apart by. */
  readonly told: ReadonlyMap<ParameterSet, ParameterSet>;
  /** Combinations that the strategy does not take. */
  readonly leftOut: number;
}

/** Ends the command where there is no axis, too much of one, or nothing that the strategy takes. */
export function gridFrom(strategy: StrategyDefinition, { grid, param }: OptimizeFlags): Grid {
  const axes: Axes = Object.fromEntries(Object.entries(grid).map(([name, text]) => [name, axisOf(name, text)]));
  if (Object.keys(axes).length === 0) throw badUsage('nothing varies: give --grid name=from:to:step or name=x,y,z');
  const fixed = Object.fromEntries(Object.entries(param).map(([name, text]) => [name, readValue(text)]));
  const both = Object.keys(axes).find((name) => name in fixed);
  if (both !== undefined) throw badUsage(`${both} can't be both fixed and varied`);
  const told = new Map<ParameterSet, ParameterSet>();
  let leftOut = 0;
  let complaint = 'no combination';
  for (const set of combinations(axes)) {
    const checked = checkParameters(strategy, { ...fixed, ...set });
    if ('parameters' in checked) told.set(checked.parameters, set);
    else {
      leftOut += 1;
      complaint = checked.complaint;
    }
  }
  if (told.size === 0) throw badUsage(`${strategy.name} takes none of the combinations: ${complaint}`);
  return { sets: [...told.keys()], told, leftOut };
}

function combinations(axes: Axes): readonly ParameterSet[] {
  try {
    return gridOf(axes);
  } catch (error) {
    throw badUsage((error as Error).message);
  }
}

const ratio = (text: string): number => {
  const value = decimal(text);
  if (value <= 0) throw new InvalidArgumentError('It must be more than 0.');
  return value;
};

export const addOptimizeOptions = (command: Command): Command =>
  addRunOptions(command)
    .option(
      '--grid <name=values>',
      `values of a parameter to be tried, from:to:step or x,y,z; may be repeated, at most ${GRID_SETS_MAX} combinations`,
      collectPairs,
      {},
    )
    .option('--objective <figure>', 'the figure that ranks', 'netProfit')
    .option('--lower', 'less of it is better', false)
    .option('--min-trades <count>', 'sets with fewer trades rank last', wholeNumber(0), 0)
    .option('--top <count>', 'rows of the table', wholeNumber(1), TOP)
    .addOption(
      new Option('--walk-forward <folds>', 'choose on a stretch of rows, prove on the next, so many times').argParser(
        wholeNumber(1, FOLDS_MAX),
      ),
    )
    .option('--train <tests>', 'length of the stretch that chooses, in lengths of a test', ratio, TRAIN_TESTS)
    .option('--anchored', 'every stretch that chooses begins at the first row', false)
    .option('--threads <count>', 'trials at the same time; as many as the machine has cores', wholeNumber(1));
