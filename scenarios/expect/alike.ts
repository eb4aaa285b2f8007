/** Two readings of the API say the same at the end, but for fields that have to differ. A list is compared over all of its pages. */
import type { Expectation } from '../file/expect-part.ts';
import type { ExpectationResult } from '../recording.ts';
import { answerProblem } from '../run/status.ts';
import { filledText } from '../run/values.ts';
import type { Sight, Watcher } from './watcher.ts';

const PAGES_MAX = 100;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The first place where they differ, in words; undefined when they say the same. */
export function difference(a: unknown, b: unknown, apart: ReadonlySet<string>, path = ''): string | undefined {
  if (!isObject(a) || !isObject(b))
    return Object.is(a, b) ? undefined : `${path || 'it'} is ${JSON.stringify(a)}, and ${JSON.stringify(b)}`;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const name of names) {
    if (apart.has(name)) continue;
    const found = difference(a[name], b[name], apart, path === '' ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

class Alike implements Watcher {
  private problem: string | undefined = 'it was never asked';
  private pages = 0;

  constructor(
    private readonly expectation: Expectation,
    private readonly sight: Sight,
  ) {}

  async onEnd(): Promise<void> {
    const { alike = [], apart } = this.expectation;
    try {
      const readings: unknown[] = [];
      for (const reading of alike) readings.push(await this.all(reading));
      // Where the next page lies is no part of what is said.
      const different = new Set([...apart, 'next', 'previous']);
      const [first, ...others] = readings;
      this.problem = others
        .map((other) => difference(first, other, different))
        .find((found): found is string => found !== undefined);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  result(): ExpectationResult {
    const { what, alike = [] } = this.expectation;
    return {
      what: what ?? `${alike.join(' and ')} say the same`,
      held: this.problem === undefined,
      why: this.problem ?? `they did, over ${this.pages} pages`,
    };
  }

  /** All pages of a reading. */
  private async all(reading: string): Promise<readonly unknown[]> {
    const { by } = this.expectation;
    const { cast, scope } = this.sight;
    const pages: unknown[] = [];
    let path: string | undefined = filledText(reading.slice('GET '.length), scope);
    while (path !== undefined) {
      if (pages.length === PAGES_MAX) throw new Error(`${reading} has more than ${PAGES_MAX} pages`);
      const answer = await cast.send({ by, method: 'GET', path, insist: true });
      const problem = answerProblem(answer);
      if (problem !== undefined || !answer) throw new Error(`${reading}: ${problem}`);
      const page = JSON.parse(answer.body) as { readonly next?: string | null };
      pages.push(page);
      const next: URL | undefined = typeof page.next === 'string' ? new URL(page.next) : undefined;
      path = next && `${next.pathname}${next.search}`;
    }
    this.pages += pages.length;
    return pages;
  }
}

export const alike = (expectation: Expectation, sight: Sight): Watcher => new Alike(expectation, sight);
