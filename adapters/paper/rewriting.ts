/**
 * A shorter log beside the one in use, written in slices while changes go on. Invariant: until the new log takes the old one's
 * name the old one is whole, and what was written to the old one meanwhile stands in the new one behind everything else.
 */
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PaperOrder } from './matching.ts';

/** So many lines are spelled before answers, quotes and sockets are served again: about a millisecond. */
const SLICE_LINES = 512;
/** Synced every so many slices, so that the last sync has little left to do and nobody's commit waits for long. */
const SLICES_PER_SYNC = 8;

export const lineOf = (state: PaperOrder): string => `${JSON.stringify(state)}\n`;

export class Rewriting {
  /** Texts that the old log has taken since this began. */
  private behind: string[] = [];
  private readonly done: Promise<FileHandle>;

  /** `head`: whole lines that go in front of the states. */
  constructor(
    private readonly path: string,
    head: string,
    private readonly states: readonly PaperOrder[],
  ) {
    this.done = this.write(head);
    // Told to whoever finishes it, which may be later than it fails.
    this.done.catch(() => {});
  }

  /** The old log has taken this text. */
  also(text: string): void {
    this.behind.push(text);
  }

  /** Resolves when little is left to do; rejects when the new log can't be written. */
  async nearlyDone(): Promise<void> {
    await this.done;
  }

  /** The new log takes the old one's name. Nothing may be written to the old one meanwhile. */
  async finish(): Promise<void> {
    const file = await this.done;
    await this.catchUp(file);
    await file.sync();
    await file.close();
    await rename(nextOf(this.path), this.path);
    await syncFolder(dirname(this.path));
  }

  private async write(head: string): Promise<FileHandle> {
    const file = await open(nextOf(this.path), 'w');
    try {
      await file.appendFile(head);
      for (let at = 0, slices = 1; at < this.states.length; at += SLICE_LINES, slices += 1) {
        const slice = this.states.slice(at, at + SLICE_LINES);
        await file.appendFile(slice.map(lineOf).join(''));
        if (slices % SLICES_PER_SYNC === 0) await file.datasync();
      }
      await this.catchUp(file);
      await file.datasync();
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private async catchUp(file: FileHandle): Promise<void> {
    const texts = this.behind;
    this.behind = [];
    if (texts.length > 0) await file.appendFile(texts.join(''));
  }
}

const nextOf = (path: string): string => `${path}.next`;

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
