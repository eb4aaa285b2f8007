/**
 * I13. A file is stored whole or not at all: every import accounts for all lines of a file that somebody sent for its instrument, its chunks
 * and its bars hold what it says it holds, and once a healed world is at rest none is half way.
 */
import type { Checker, Report, Rest } from './checker.ts';

class ImportsAreWhole implements Checker {
  readonly name = 'I13 imports are whole';

  onRecord(): void {}

  atRest({ files, healed }: Rest, report: Report): void {
    if (!files) return;
    const { imports, underWay, sent } = files;
    for (const { record, ticks } of imports) {
      const { id, symbol, duplicates, badLines } = record;
      const lines = record.ticks + duplicates + badLines;
      if (!sent.some((file) => file.symbol === symbol && file.rows === lines))
        report(`import ${id} of ${symbol} has taken ${lines} lines, and no file of ${symbol} has so many`);
      for (const [series, count] of ticks)
        if (count !== record.ticks)
          report(`import ${id} of ${symbol} tells of ${record.ticks} ticks, and its ${series} hold ${count}`);
    }
    if (healed) for (const id of underWay) report(`import ${id} is still under way`);
  }
}

export const importsAreWhole = (): Checker => new ImportsAreWhole();
