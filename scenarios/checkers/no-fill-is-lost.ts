/** No fill ends as a dead letter: what a venue tells of an execution is booked, late if need be, or was told again. */
import type { Checker, Report, Rest } from './checker.ts';

/** A fill that nobody took. A late answer is no loss: its effect runs again, or its order is asked about. */
const LOSSES = ['order.filled', 'order.book-late-fill'] as const;
const EXCUSED = ['late answer', 'stopped'];
/** Who asked for it hears of that, and asks again until it is booked. */
const ASKED_AGAIN = 'order.book-late-fill parked';

class NoFillIsLost implements Checker {
  readonly name = 'A6 no fill is lost';
  readonly takes = [];

  onRecord(): void {}

  atRest({ deadLetters }: Rest, report: Report): void {
    for (const [kind, count] of deadLetters) {
      const type = LOSSES.find((loss) => kind.startsWith(`${loss} `));
      const isExcused = kind === ASKED_AGAIN || EXCUSED.some((reason) => kind.endsWith(reason));
      if (type && !isExcused) report(`${count} times a dead letter: ${kind}`);
    }
  }
}

export const noFillIsLost = (): Checker => new NoFillIsLost();
