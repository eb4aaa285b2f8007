/** What a trader has stays within bounds: at a moment, at the end, or each second of the run. */
import type { Expectation } from '../file/expect-part.ts';
import type { ExpectationResult } from '../recording.ts';
import { momentText, pick } from '../run/values.ts';
import { type Sight, type Watcher, windowText } from './watcher.ts';

const EVERY_MS = 1_000;
/** Half a cent: figures are sums of doubles. A position is of units, of which a thousandth may be a lot. */
const TOLERANCE_OF_MONEY = 0.005;

class Figure implements Watcher {
  private readonly values: { low: number; high: number; count: number } = {
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    count: 0,
  };
  private broken: { readonly atMs: number; readonly value: number } | undefined;

  constructor(
    private readonly expectation: Expectation,
    private readonly sight: Sight,
  ) {}

  onStart(): void {
    const { at, from } = this.expectation;
    const { startAt } = this.sight;
    if (typeof at === 'number') this.arm(startAt + at, false);
    if (at === 'always') this.arm(startAt + from, true);
  }

  onEnd(): void {
    if (typeof this.expectation.at !== 'number') this.look();
  }

  result(): ExpectationResult {
    const { what, figure, trader, account, instrument } = this.expectation;
    const about = `${figure} of ${trader ?? account}${instrument === undefined ? '' : ` in ${instrument}`}`;
    const { broken } = this;
    return {
      what: what ?? `${about} is ${this.boundsText()} ${this.momentText()}`,
      held: broken === undefined && this.values.count > 0,
      why: this.why(),
      ...(broken && { atMs: broken.atMs }),
    };
  }

  private why(): string {
    const { broken, values } = this;
    if (values.count === 0) return 'it was never looked at';
    if (broken) return `it was ${broken.value} at ${momentText(broken.atMs)}`;
    return values.low === values.high ? `it was ${values.low}` : `it was between ${values.low} and ${values.high}`;
  }

  private arm(due: number, again: boolean): void {
    const { world, startAt, untilMs } = this.sight;
    world.runner.clock.at('market', due, () => {
      this.look();
      if (again && due + EVERY_MS <= startAt + untilMs) this.arm(due + EVERY_MS, true);
    });
  }

  private look(): void {
    const { figure, trader, account, instrument, min, max, equals } = this.expectation;
    const { books, scope, world, startAt } = this.sight;
    const traderId = trader === undefined ? undefined : pick(scope.get(trader), 'id');
    // Who is not there yet has no figures.
    if (account === undefined ? typeof traderId !== 'string' : !books.hasAccount(account)) return;
    const exactly =
      typeof traderId === 'string'
        ? books.figure(figure!, traderId, instrument)
        : books.figureOfAccount(figure!, account, instrument);
    const value = Math.round(exactly * 1e8) / 1e8;
    const { values } = this;
    values.count += 1;
    values.low = Math.min(values.low, value);
    values.high = Math.max(values.high, value);
    const tolerance = figure === 'position' ? 0 : TOLERANCE_OF_MONEY;
    const holds =
      !Number.isNaN(value) &&
      (min === undefined || value >= min - tolerance) &&
      (max === undefined || value <= max + tolerance) &&
      (equals === undefined || Math.abs(value - equals) <= tolerance);
    if (!holds) this.broken ??= { atMs: world.now - startAt, value };
  }

  private boundsText(): string {
    const { min, max, equals } = this.expectation;
    if (equals !== undefined) return `${equals}`;
    if (min !== undefined && max !== undefined) return `between ${min} and ${max}`;
    return min === undefined ? `at most ${max}` : `at least ${min}`;
  }

  private momentText(): string {
    const { at = 'end' } = this.expectation;
    if (at === 'always') return `all the time${windowText(this.expectation)}`;
    return at === 'end' ? 'at the end' : `at ${momentText(at)}`;
  }
}

export const figure = (expectation: Expectation, sight: Sight): Watcher => new Figure(expectation, sight);
