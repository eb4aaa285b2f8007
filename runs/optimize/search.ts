/**
 * Searches parameters: a whole grid, or a grid a fold with its best set proved on the rows behind. Where trials are carried out is the
 * caller's; their order of ending makes no difference to what comes out.
 */
import type { RunTrade } from '../../domain/run.ts';
import type { ParameterSet } from './grid.ts';
import { type Aim, figureIn, type Ranked, rank, type Trial } from './ranking.ts';
import type { TrialDone, TrialTask } from './trial.ts';
import { type Fold, joinFolds, type Stretch, type WalkResult } from './walk-forward.ts';

export interface Search {
  readonly sets: readonly ParameterSet[];
  readonly aim: Aim;
  /** Figures to be told of each set, beside the one that is aimed at. */
  readonly shown: readonly string[];
  /** Rejects when the search is given up. */
  readonly attempt: (task: TrialTask) => Promise<TrialDone>;
  /** After each trial. */
  readonly told?: (done: number, of: number) => void;
}

const NET = 'netProfit';

/** A ranked set with the figures that were asked for. */
export interface Found extends Ranked {
  readonly trial: Trial;
}

class Trials {
  private done = 0;

  constructor(
    private readonly search: Search,
    private readonly expected: number,
  ) {}

  async on(parameters: ParameterSet, stretch: Stretch, wantsTrades: boolean): Promise<TrialDone> {
    const { shown, aim, attempt, told } = this.search;
    const figures = [...new Set([aim.figure, 'trades', NET, ...shown])];
    const result = await attempt({ parameters, stretch, figures, wantsTrades });
    this.done += 1;
    told?.(this.done, this.expected);
    return result;
  }

  /** All sets on a stretch, best first. */
  async ranked(stretch: Stretch): Promise<readonly Found[]> {
    const { sets, aim } = this.search;
    const trials = await Promise.all(
      sets.map(async (parameters) => ({ parameters, families: (await this.on(parameters, stretch, false)).families })),
    );
    const trialOf = new Map(trials.map((trial) => [trial.parameters, trial]));
    return rank(trials, aim).map((ranked) => ({ ...ranked, trial: trialOf.get(ranked.parameters)! }));
  }
}

/** Every set over all rows, best first. */
export const searchGrid = (search: Search, rows: number): Promise<readonly Found[]> =>
  new Trials(search, search.sets.length).ranked({ from: 0, to: rows });

interface FoldFound {
  readonly fold: Fold;
  /** Undefined where no set has a value in training: nothing was chosen, nothing traded. */
  readonly chosen: Found | undefined;
  readonly trainPnl: number;
  readonly testPnl: number;
  readonly trades: readonly RunTrade[];
}

export interface WalkFound {
  readonly folds: readonly FoldFound[];
  readonly result: WalkResult;
}

const netOf = ({ families }: Pick<Trial, 'families'>): number => figureIn(families, NET) ?? 0;

/** The best set of each fold's training, judged on its test. Folds are independent of each other. */
export async function walkForward(search: Search, folds: readonly Fold[]): Promise<WalkFound> {
  const trials = new Trials(search, folds.length * (search.sets.length + 1));
  const found = await Promise.all(
    folds.map(async (fold): Promise<FoldFound> => {
      const chosen = (await trials.ranked(fold.train)).find(({ value }) => value !== null);
      if (!chosen) return { fold, chosen, trainPnl: 0, testPnl: 0, trades: [] };
      const proof = await trials.on(chosen.parameters, fold.test, true);
      return { fold, chosen, trainPnl: netOf(chosen.trial), testPnl: netOf(proof), trades: proof.trades };
    }),
  );
  const judged = found.map(({ chosen, ...rest }) => ({ ...rest, parameters: chosen?.parameters ?? {} }));
  return { folds: found, result: joinFolds(folds, judged) };
}
