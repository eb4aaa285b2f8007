/**
 * What operators ask of the place where everything is remembered: proofs, copies, retention. db/upkeep serves it; an API and the
 * command line offer it. One at a time: while `underWay` names one, no other is begun.
 */

/** Whether the hash chain holds up to the head and each record is what its schema says; else the first sequence where that is not so. */
export type Verification =
  | { readonly holds: true; readonly records: number; readonly hash: string }
  | { readonly holds: false; readonly sequence: number; readonly reason: string };

/** Whether the read tables are what the records say; else the first row that differs, as JSON, null where there is none. */
export type Comparison =
  | { readonly matches: true; readonly records: number; readonly rows: number }
  | {
      readonly matches: false;
      readonly table: string;
      readonly id: string;
      readonly stored: string | null;
      readonly replayed: string | null;
    };

/** What is in the archive now, and what stays in the table. Retention passes no cursor and no open effect. */
export interface Retention {
  readonly archivedUpTo: number;
  readonly kept: number;
}

/** A whole gzip file, read once. */
export interface Copy {
  readonly bytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface Upkeep {
  readonly underWay: string | undefined;
  verify(): Promise<Verification>;
  replay(): Promise<Comparison>;
  /** A copy of everything, archived records included, as it was at one instant. */
  backup(): Promise<Copy>;
  /** Leaves the newest `keep` records in the table; the others go to archive files. */
  archive(keep: number): Promise<Retention>;
  /** Records from a sequence on as JSON lines, up to the head at the beginning. May run beside the others. */
  export(fromSequence: number): AsyncIterable<string>;
}
