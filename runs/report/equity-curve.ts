/**
 * What a run was worth with its open positions as it went on, in so many points however long it is: equity at the end of each stretch of
 * rows, and the deepest fall within it. Invariant: no fall is lost; the curve is as deep as the run's largest drawdown.
 */
import type { BarColumns, TickColumns } from '../../market/columns.ts';
import type { Run } from '../engine/run.ts';

/** More of them, and two stretches become one: all that follow are twice as long. Even, so that each stretch has its other. */
const STRETCHES_MAX = 2_000;

/** `value` in account currency, in price, or as a fraction. */
export interface CurvePoint {
  readonly at: number;
  readonly value: number;
}

export class EquityCurve {
  /** In account currency: the start, then the end of each stretch. */
  readonly equity: CurvePoint[] = [];
  /** Beside each of them the deepest fall from the peak before, as a fraction of that. */
  readonly falls: CurvePoint[] = [];
  private stretchRows = 1;
  /** Rows that the present stretch still takes. */
  private left = 0;

  /** Gives all rows to the run, stretch by stretch. */
  advance(run: Run, columns: TickColumns | BarColumns): void {
    const times = 'atMs' in columns ? columns.atMs : columns.startMs;
    for (let row = 0; row < columns.length; ) {
      if (run.processed === 0) this.put(times[row]!, run.startBalance, 0);
      else if (this.left === 0) this.add(run, run.equity);
      if (this.left === 0) this.left = this.stretchRows;
      const to = Math.min(columns.length, row + this.left);
      run.advance(columns, row, to);
      this.left -= to - row;
      row = to;
    }
  }

  /** The run is finished: everything is closed, and the last stretch ends with that. */
  end(run: Run): void {
    this.add(run, run.book.holdings.balance);
  }

  private add(run: Run, equity: number): void {
    this.put(run.span!.lastAt, equity, run.book.holdings.takeFallRatio(equity));
    if (this.equity.length > STRETCHES_MAX) this.halve();
  }

  private put(at: number, equity: number, fallRatio: number): void {
    this.equity.push({ at, value: equity });
    this.falls.push({ at, value: fallRatio });
  }

  private halve(): void {
    const { equity, falls } = this;
    let kept = 1;
    for (let index = 1; index + 1 < equity.length; index += 2) {
      const [first, second] = [falls[index]!, falls[index + 1]!];
      equity[kept] = equity[index + 1]!;
      falls[kept] = { at: second.at, value: Math.max(first.value, second.value) };
      kept += 1;
    }
    equity.length = kept;
    falls.length = kept;
    this.stretchRows *= 2;
  }
}
