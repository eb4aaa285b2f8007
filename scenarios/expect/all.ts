/** Every kind of expectation, one file each. */
import type { CheckedRecord } from '../checkers/checker.ts';
import { type Expectation, SUBJECTS, type SubjectName } from '../file/expect-part.ts';
import { given } from '../file/fields.ts';
import { unknownIn } from '../run/values.ts';
import { alike } from './alike.ts';
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
  alike,
  broken,
  fails,
};

export function watch(expectation: Expectation, sight: Sight): Watcher {
  const watcher = KINDS[given(expectation, SUBJECTS)[0]!](expectation, sight);
  const { where, after, sequence } = expectation;
  const written = { where, after, sequence };
  return JSON.stringify(written).includes('${') ? atTheEnd(watcher, () => unknownIn(written, sight.scope)) : watcher;
}

/** What a name of the file stands for is perhaps told only behind the record that is meant: then it is heard once all answers are in. */
function atTheEnd(watcher: Watcher, unknown: () => string | undefined): Watcher {
  const heard: [CheckedRecord, number][] = [];
  return {
    onRecord: (record, atMs) => void heard.push([record, atMs]),
    onStart: () => watcher.onStart?.(),
    onEnd: () => watcher.onEnd?.(),
    result(end) {
      for (const [record, atMs] of heard.splice(0)) watcher.onRecord?.(record, atMs);
      const result = watcher.result(end);
      // A name that nothing stands for matches no record: what must not happen would hold for that alone.
      const why = unknown();
      return why === undefined ? result : { ...result, held: false, why };
    },
  };
}
