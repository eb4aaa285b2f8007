/** Where tick files lie that callers bring or name, as a port: what is brought is kept outside memory until it is closed, and never longer. */
import type { Bytes } from '../importers/plain-bytes.ts';

export interface TickFile {
  readonly sizeBytes: number;
  /** From the beginning; ending the iteration lets go of it. */
  bytes(): Bytes;
  /** Nothing is left of what was brought; a file that was named stays. */
  close(): Promise<void>;
}

/** A file that is being brought. */
export interface Spool extends TickFile {
  write(piece: Uint8Array): Promise<void>;
}

export type NamedFile =
  | { readonly outcome: 'opened'; readonly file: TickFile }
  /** Outside the one folder that may be named, or no folder was set. */
  | { readonly outcome: 'not-allowed' }
  | { readonly outcome: 'not-found' };

export interface TickFiles {
  /** Undefined while as many are open as may be. */
  spool(): Promise<Spool | undefined>;
  /** `path` is absolute, or relative to the folder. Links are followed before it is decided. */
  open(path: string): Promise<NamedFile>;
}

/** 300 MB each are bounded by this on disk. */
export const SPOOLS_MAX = 4;
