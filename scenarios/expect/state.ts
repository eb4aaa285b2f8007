/** What the API says at a moment or at the end, field by field. */
import type { Expectation } from '../file/expect-part.ts';
import type { ExpectationResult } from '../recording.ts';
import { answerProblem } from '../run/status.ts';
import { fieldMismatch, fieldsText, filledText, momentText } from '../run/values.ts';
import type { Sight, Watcher } from './watcher.ts';

const NOT_FOUND = 404;

class State implements Watcher {
  private problem: string | undefined = 'it was never asked';
  private shown = '';

  constructor(
    private readonly expectation: Expectation,
    private readonly sight: Sight,
  ) {}

  onStart(): void {
    const { at } = this.expectation;
    const { world, startAt } = this.sight;
    if (typeof at === 'number') world.runner.clock.at('market', startAt + at, () => void this.ask());
  }

  onEnd(): Promise<void> | undefined {
    return typeof this.expectation.at === 'number' ? undefined : this.ask();
  }

  result(): ExpectationResult {
    const { what, state, has, at, by } = this.expectation;
    const when = typeof at === 'number' ? `at ${momentText(at)}` : 'at the end';
    return {
      what: what ?? `${state}${by === undefined ? '' : ` as ${by}`} ${when} has ${fieldsText(has) || 'an answer'}`,
      held: this.problem === undefined,
      why: this.problem ?? `it was so: ${this.shown}`,
      ...(typeof at === 'number' && { atMs: at }),
    };
  }

  private async ask(): Promise<void> {
    const { state, by, nowhere, status = nowhere && NOT_FOUND, has } = this.expectation;
    const { cast, scope } = this.sight;
    try {
      const path = filledText(state!.slice('GET '.length), scope);
      const answer = await cast.send({ by, method: 'GET', path, insist: true });
      this.problem = answerProblem(answer, status);
      if (this.problem !== undefined || !answer) return;
      this.shown = `${answer.status} ${answer.body.slice(0, 200)}`;
      if (Object.keys(has).length > 0) this.problem = fieldMismatch(JSON.parse(answer.body), has, scope);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

export const state = (expectation: Expectation, sight: Sight): Watcher => new State(expectation, sight);
