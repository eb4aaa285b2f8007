/** How far a command is, as a bar that is drawn anew in place; nothing where nobody watches. */
import type { Terminal } from './session.ts';

const BAR_CHARACTERS = 30;

export class ProgressBar {
  private shown = '';

  constructor(private readonly terminal: Pick<Terminal, 'progress'>) {}

  /** `ratio` from 0 to 1; undefined where the end is not known. */
  show(ratio: number | undefined, text: string): void {
    const line = ratio === undefined ? text : `${barOf(ratio)}  ${text}`;
    if (line === this.shown) return;
    this.shown = line;
    this.terminal.progress?.(line);
  }

  clear(): void {
    this.shown = '';
    this.terminal.progress?.('');
  }
}

/** How much of a file has been read; undefined where all of it has, because what it packs may still be far from its end. */
export const readRatio = (readBytes: number, sizeBytes: number): number | undefined =>
  readBytes < sizeBytes ? readBytes / sizeBytes : undefined;

function barOf(ratio: number): string {
  const done = Math.round(Math.min(1, ratio) * BAR_CHARACTERS);
  return `[${'#'.repeat(done)}${'.'.repeat(BAR_CHARACTERS - done)}] ${Math.floor(Math.min(1, ratio) * 100)} %`;
}
