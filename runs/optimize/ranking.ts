/** Which parameters did best. A set whose figure is not available ranks behind all that have one; ties keep the order of the grid. */
import type { FigureFamily } from '../figures/all.ts';
import type { ParameterSet } from './grid.ts';

export interface Trial {
  readonly parameters: ParameterSet;
  readonly families: readonly FigureFamily[];
}

export interface Aim {
  /** Name of a figure, e.g. `sharpeRatio`. */
  readonly figure: string;
  readonly better: 'higher' | 'lower';
  /** Trials with fewer trades don't count: luck looks like skill there. */
  readonly tradesMin?: number;
}

export interface Ranked {
  readonly parameters: ParameterSet;
  readonly value: number | null;
}

/** Undefined where the trial has no such figure at all. */
export const figureIn = (families: readonly FigureFamily[], name: string): number | null | undefined =>
  families.flatMap(({ figures }) => figures).find((figure) => figure.name === name)?.value;

/** Best first. Throws RangeError where no trial knows the figure. */
export function rank(trials: readonly Trial[], { figure, better, tradesMin = 0 }: Aim): readonly Ranked[] {
  const ranked = trials.map(({ parameters, families }) => {
    const value = figureIn(families, figure);
    if (value === undefined) throw new RangeError(`there is no figure ${figure}`);
    return { parameters, value: (figureIn(families, 'trades') ?? 0) < tradesMin ? null : value };
  });
  const worthOf = ({ value }: Ranked): number => {
    if (value === null) return Number.NEGATIVE_INFINITY;
    return better === 'higher' ? value : -value;
  };
  // Two that are both not available differ by NaN: they keep their order.
  return ranked.toSorted((a, b) => worthOf(b) - worthOf(a) || 0);
}
