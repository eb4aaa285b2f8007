/** What is wrong with a scenario file, as a person wants to hear it: file, line and column, path, a sentence, and a guess what was meant. */

export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  /** The key of the path's end is meant, not its value. */
  readonly atKey?: boolean;
  readonly message: string;
}

/** From 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export class ScenarioError extends Error {
  constructor(
    readonly file: string,
    /** One line a problem, each with its place. */
    readonly lines: readonly string[],
  ) {
    super(lines.join('\n'));
    this.name = 'ScenarioError';
  }
}

/** `script[2].on.event` */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );

export function problemLine(file: string, place: Place | undefined, { path, message }: Problem): string {
  const where = place ? `${file}:${place.line}:${place.column}` : file;
  return path.length === 0 ? `${where} ${message}` : `${where} ${pathText(path)} ${message}`;
}

/** Single letters to insert, leave out, change or swap with the next one to come from one text to the other. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

const LISTED_MAX = 12;

/** `did you mean "drop"?`, or the choices when none is near. */
export function suggestion(written: string, choices: readonly string[]): string {
  const near = choices
    .map((choice) => ({ choice, far: distance(written.toLowerCase(), choice.toLowerCase()) }))
    .filter(({ choice, far }) => far <= Math.max(1, Math.floor(Math.max(written.length, choice.length) / 2.5)))
    .sort((a, b) => a.far - b.far)[0];
  if (near) return `did you mean "${near.choice}"?`;
  if (choices.length === 0) return 'there is none';
  const more = choices.length > LISTED_MAX ? ', …' : '';
  return `there is ${choices.slice(0, LISTED_MAX).join(', ')}${more}`;
}
