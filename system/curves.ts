/**
 * Balance curves of runs, thinned out. However many points a run has, a bounded number of them is held at a time; a curve is kept until
 * its run has said more, so that its pages are not each read from the beginning.
 */
import type { EquityPoint } from '../domain/run.ts';
import { type LineFilter, pagesOf, type RunOutputs } from '../projections/run-outputs.ts';
import { type Curve, pointOf } from '../projections/run-reads.ts';
import { lttb } from '../runs/lttb.ts';

const CURVES_KEPT = 8;
/** More than this are thinned out to half before more are read; more than twice what doors ask for. */
const POINTS_HELD_MAX = 400_000;

const thinned = (points: readonly EquityPoint[], pointsMax: number): EquityPoint[] =>
  lttb(
    points,
    pointsMax,
    ({ at }) => at,
    ({ balance }) => balance,
  ).map((index) => points[index]!);

export class Curves {
  private readonly kept = new Map<string, Curve>();

  constructor(
    private readonly outputs: Pick<RunOutputs, 'head' | 'linesAfter'>,
    private readonly heldMax = POINTS_HELD_MAX,
  ) {}

  async of(executionId: number, filter: LineFilter, pointsMax: number): Promise<Curve> {
    const { last } = await this.outputs.head(executionId);
    const { after, from, to } = filter;
    const key = [executionId, last.equity, after, from, to, pointsMax].join(' ');
    const curve = this.kept.get(key) ?? (await this.read(executionId, filter, pointsMax));
    this.kept.delete(key);
    this.kept.set(key, curve);
    if (this.kept.size > CURVES_KEPT) this.kept.delete(this.kept.keys().next().value ?? '');
    return curve;
  }

  private async read(executionId: number, filter: LineFilter, pointsMax: number): Promise<Curve> {
    let points: EquityPoint[] = [];
    let total = 0;
    for await (const lines of pagesOf(this.outputs, executionId, 'equity', filter)) {
      for (const line of lines) points.push(pointOf(line));
      total += lines.length;
      if (points.length > this.heldMax) points = thinned(points, Math.max(pointsMax, Math.floor(this.heldMax / 2)));
    }
    return { points: thinned(points, pointsMax), total };
  }
}
