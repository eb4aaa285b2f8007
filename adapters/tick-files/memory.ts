/** The twin on no disk: what is brought stays in memory until it is closed, and files to be named are given. */
import { type NamedFile, SPOOLS_MAX, type Spool, type TickFiles } from '../../market/import/tick-files.ts';

class MemorySpool implements Spool {
  sizeBytes = 0;
  private pieces: Uint8Array[] = [];
  private isOpen = true;

  constructor(private readonly closed: () => void) {}

  async write(piece: Uint8Array): Promise<void> {
    if (!this.isOpen) throw new Error('the file was closed');
    this.pieces.push(piece.slice());
    this.sizeBytes += piece.length;
  }

  async *bytes(): AsyncGenerator<Uint8Array, void> {
    yield* this.pieces;
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.pieces = [];
    this.closed();
  }
}

export class MemoryTickFiles implements TickFiles {
  openSpools = 0;

  /** By path relative to the folder; undefined: no folder was set. */
  constructor(private readonly named?: ReadonlyMap<string, Uint8Array>) {}

  async spool(): Promise<Spool | undefined> {
    if (this.openSpools >= SPOOLS_MAX) return undefined;
    this.openSpools += 1;
    return new MemorySpool(() => {
      this.openSpools -= 1;
    });
  }

  async open(path: string): Promise<NamedFile> {
    if (!this.named || path.startsWith('/') || path.split('/').includes('..')) return { outcome: 'not-allowed' };
    const content = this.named.get(path);
    if (!content) return { outcome: 'not-found' };
    async function* bytes(): AsyncGenerator<Uint8Array, void> {
      yield content as Uint8Array;
    }
    return { outcome: 'opened', file: { sizeBytes: content.length, bytes, close: async () => undefined } };
  }
}
