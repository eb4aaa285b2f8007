/**
 * Tick files on disk. What is brought has no name from its first byte on: it is gone with the process, however that ends. A named file is
 * served only from below one folder, after all links are resolved.
 */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, unlink } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import {
  type NamedFile,
  SPOOLS_MAX,
  type Spool,
  type TickFile,
  type TickFiles,
} from '../../market/import/tick-files.ts';
import type { Ids } from '../../runtime/ports.ts';

const PIECE_BYTES = 1 << 18;

export interface DiskTickFilesOptions {
  /** Made when the first file comes. */
  readonly spoolFolder: string;
  /** Below it files may be named; undefined: nowhere. */
  readonly importFolder: string | undefined;
  readonly ids: Ids;
}

/**
 * By the handle, never by a stream over its number: a stream that is left in the middle closes the number, which may by then belong to
 * another file or socket.
 */
async function* piecesOf(handle: FileHandle, sizeBytes: number): AsyncGenerator<Uint8Array, void> {
  for (let from = 0; from < sizeBytes; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, sizeBytes - from)), {
      position: from,
    });
    // It was shortened meanwhile.
    if (bytesRead === 0) return;
    from += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

class DiskSpool implements Spool {
  sizeBytes = 0;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly handle: FileHandle,
    private readonly closed: () => void,
  ) {}

  async write(piece: Uint8Array): Promise<void> {
    for (let written = 0; written < piece.length; ) {
      const { bytesWritten } = await this.handle.write(piece, written, piece.length - written, this.sizeBytes);
      written += bytesWritten;
      this.sizeBytes += bytesWritten;
    }
  }

  bytes() {
    return piecesOf(this.handle, this.sizeBytes);
  }

  close(): Promise<void> {
    this.closing ??= this.handle.close().finally(this.closed);
    return this.closing;
  }
}

async function opened(path: string): Promise<TickFile | undefined> {
  // A pipe is opened at once, and then refused: else whoever names one waits until somebody writes into it.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const found = await handle.stat();
  if (!found.isFile()) {
    await handle.close();
    return undefined;
  }
  const { size: sizeBytes } = found;
  return {
    sizeBytes,
    bytes: () => piecesOf(handle, sizeBytes),
    close: () => handle.close(),
  };
}

const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(String((error as NodeJS.ErrnoException).code));

export class DiskTickFiles implements TickFiles {
  private openSpools = 0;

  constructor(private readonly options: DiskTickFilesOptions) {}

  async spool(): Promise<Spool | undefined> {
    if (this.openSpools >= SPOOLS_MAX) return undefined;
    this.openSpools += 1;
    try {
      const { spoolFolder, ids } = this.options;
      await mkdir(spoolFolder, { recursive: true });
      const path = join(spoolFolder, ids.uuid());
      const handle = await open(path, 'wx+', 0o600);
      await unlink(path);
      return new DiskSpool(handle, () => {
        this.openSpools -= 1;
      });
    } catch (error) {
      this.openSpools -= 1;
      throw error;
    }
  }

  async open(path: string): Promise<NamedFile> {
    const { importFolder } = this.options;
    if (importFolder === undefined) return { outcome: 'not-allowed' };
    try {
      const folder = await realpath(importFolder);
      const asked = resolve(folder, path);
      // Before anything is looked up: nobody learns what exists elsewhere.
      if (!isBelow(folder, asked) && !isBelow(resolve(importFolder), asked)) return { outcome: 'not-allowed' };
      const target = await realpath(asked);
      if (!isBelow(folder, target)) return { outcome: 'not-allowed' };
      const file = await opened(target);
      return file ? { outcome: 'opened', file } : { outcome: 'not-found' };
    } catch (error) {
      if (isAbsent(error)) return { outcome: 'not-found' };
      throw error;
    }
  }
}

const isBelow = (folder: string, path: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
