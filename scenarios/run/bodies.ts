/** What a call sends, JSON or a form with a file, and what its answer says. */
import { findInstrument } from '../../domain/instrument.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { type Answer, Upload } from '../exchange.ts';
import type { Step } from '../file/script-part.ts';
import { formOf, tickText } from '../forms.ts';
import { filledText, fillIn, type Scope } from './values.ts';

const FILE_NAME = 'ticks.csv';

/** The lines of data of the file: those of an invented one, or all but the first of a text. */
function contentOf(file: NonNullable<Step['file']>, seed: string): { readonly text: string; readonly rows: number } {
  const { text, ticks, start, every: everyMs, price, step } = file;
  if (text !== undefined) return { text, rows: text.split('\n').filter((line) => line !== '').length - 1 };
  const lines = { ticks: ticks ?? 0, startAt: Date.parse(start), everyMs, price, step };
  return { text: tickText(lines, seededRandom(`${seed}/file`)), rows: lines.ticks };
}

/** Undefined for a call without a body. The same step and seed send the same file each time. */
export function sentBody({ body, form, file, takes, cut }: Step, known: Scope, seed: string): unknown {
  if (!form && !file) return body === undefined ? undefined : fillIn(body, known);
  const fields: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(form ?? {}).map(([name, value]) => [name, filledText(String(value), known)]),
  );
  const content = file && contentOf(file, seed);
  const sent = formOf(fields, content && { field: file.field, name: FILE_NAME, text: content.text });
  const symbol = findInstrument(fields.instrument ?? '')?.symbol;
  return new Upload({
    ...sent,
    ...(content && symbol !== undefined && { file: { symbol, rows: content.rows } }),
    takesMs: takes ?? 0,
    cutAfterMs: cut,
  });
}

const EVENT = /^data: (.*)$/gm;

/** JSON, the last one of a stream's events, or the text as it is. */
export function answerBody({ body }: Answer): unknown {
  const last = [...body.matchAll(EVENT)].at(-1)?.[1];
  try {
    return JSON.parse(last ?? body);
  } catch {
    return body;
  }
}
