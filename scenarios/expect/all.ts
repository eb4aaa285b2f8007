/** Every kind of expectation, one file each. */
import { type Expectation, SUBJECTS, type SubjectName } from '../file/expect-part.ts';
import { given } from '../file/fields.ts';
import { broken, fails } from './breaks.ts';
import { eventually } from './eventually.ts';
import { figure } from './figure.ts';
import { happens, never } from './happens.ts';
import { sequence } from './sequence.ts';
import { state } from './state.ts';
import type { Sight, Watcher } from './watcher.ts';

const KINDS: Readonly<Record<SubjectName, (expectation: Expectation, sight: Sight) => Watcher>> = {
  event: happens,
  never,
  eventually,
  sequence,
  state,
  figure,
  broken,
  fails,
};

export const watch = (expectation: Expectation, sight: Sight): Watcher =>
  KINDS[given(expectation, SUBJECTS)[0]!](expectation, sight);
