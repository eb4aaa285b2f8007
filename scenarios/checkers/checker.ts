/**
 * A checker watches one promise. It folds records as they are committed and looks at the world at rest; it shares no code with the
 * agents and machines it checks. A broken promise is a finding with the sequence where it showed.
 */

import type { VenueCall } from '../../adapters/paper/calls.ts';
import type { PaperOrder } from '../../adapters/paper/matching.ts';
import type { JournalRecord } from '../../runtime/message.ts';
import type { Group, StoredRecord, StoredState } from '../../runtime/store.ts';
import type { ProductSettings } from '../../system/ports.ts';
import type { SentFile } from '../exchange.ts';
import type { StoredImport } from '../stored-imports.ts';
import type { TakenType } from './folds/facts.ts';

export interface Finding {
  readonly checker: string;
  /** 0 when it showed at rest. */
  readonly sequence: number;
  readonly what: string;
}

/** The world when nothing moves: what is durable, and what the venue knows. */
export interface Rest {
  readonly stored: StoredState;
  /** In a healed world all; while faults last those behind `recordsAfter`, which no look has been shown yet. */
  readonly records: readonly StoredRecord[];
  /** Sequence behind which `records` begin; 0 when absent. */
  readonly recordsAfter?: number;
  readonly venueOrders: ReadonlyMap<string, PaperOrder>;
  readonly venueCalls: readonly VenueCall[];
  /** Of the venue's orders those that somebody else placed. */
  readonly outsideOrders?: ReadonlySet<string>;
  /** The venue says nothing of an order that it does not find: what never arrived stays unresolved. */
  readonly venueIsMute?: boolean;
  /** Faults have ended, and the world had time to come to rest. */
  readonly healed: boolean;
  /** Market time, epoch milliseconds. */
  readonly now: number;
  /** What nobody took, by type and reason (`venue.reported late answer`), over all lives. */
  readonly deadLetters: ReadonlyMap<string, number>;
  /** What has gone wrong so far, by kind; absent where nobody counts. */
  readonly faults?: Readonly<Record<string, number>>;
  /** What was imported, and what was sent to be. Absent in a world without files. */
  readonly files?: {
    readonly imports: readonly StoredImport[];
    /** Ids of imports that are neither published nor given up. */
    readonly underWay: ReadonlySet<string>;
    /** Each file that somebody began to send. */
    readonly sent: readonly SentFile[];
  };
  /** Rows of a read table, all of them. */
  readonly rows: (table: string) => readonly Readonly<Record<string, unknown>>[];
}

export type CheckedRecord = Omit<JournalRecord, 'fault'> & {
  readonly payload: string;
  readonly type: string;
  /** When it became durable, by the world's clock, which is never off. */
  readonly landedAt: number;
  /** When the product's clock had been put forward last, in market time; absent: never. */
  readonly putForwardAt?: number;
};
export type Report = (what: string) => void;

/** One commit, as the database was asked for it. Times are by the world's clock, which is never off. */
export interface CheckedCommit {
  /** All that it writes. */
  readonly group: Group;
  /** Of the connection that asked for it: a process that starts has a higher one than all before. */
  readonly connection: number;
  readonly askedAt: number;
  /** When the one before it of the same connection was answered; 0 for its first. */
  readonly freeAt: number;
  /** When its first record was made; undefined without records, and where the product's clock was moved too lately to tell. */
  readonly firstAt: number | undefined;
}

/** What became durable together: the records of one commit. */
export interface CheckedGroup {
  readonly records: readonly CheckedRecord[];
  /** By the world's clock; before its acknowledgement was heard. */
  readonly landedAt: number;
  readonly commit: CheckedCommit;
  /** What the venue knows at this moment. */
  readonly venueOrders: ReadonlyMap<string, PaperOrder>;
  /** What it was asked so far, as far as it has answered. */
  readonly venueCalls: readonly VenueCall[];
  /** Of the venue's orders those that somebody else placed. */
  readonly outsideOrders: ReadonlySet<string>;
}

/** What a caller was told, and up to which record the journal was durable at that moment. */
export interface CheckedAnswer {
  readonly askedAt: number;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: string;
  readonly durableSequence: number;
  readonly who?: string;
  /** The idempotency key that came with the request. */
  readonly key?: string;
  /** Body of the request, as JSON. */
  readonly asked?: string;
  /** What was shown at the door: the header as it was sent. */
  readonly authorization?: string;
  /** The product's journal when it was asked: its last record, and the last that is known to be durable. */
  readonly journalThen?: { readonly head: number; readonly watermark: number };
}

/** What the product under check was started with. */
export type CheckedSettings = Pick<
  ProductSettings,
  'limits' | 'quotaDailyTrades' | 'quotaDailyVolume' | 'autonomousThreshold'
> & { readonly api?: Pick<ProductSettings['api'], 'fourEyes'> };

/** Adds records up, over all lives of the product. Several checkers may look at one. */
export interface Fold {
  /** Types of the records that it is given; it knows nothing of any other. */
  readonly takes: readonly TakenType[];
  apply(record: CheckedRecord): void;
}

export interface Checker {
  readonly name: string;
  /** What it looks at; they have taken a record when it is shown here. */
  readonly folds?: readonly Fold[];
  /** Types of the records that it is shown; absent: all. */
  readonly takes?: readonly TakenType[];
  /** Every committed record of its types, once, in order, over all lives of the product. */
  onRecord(record: CheckedRecord, report: Report): void;
  /** Every commit that has landed, after its records, those without records too. */
  onGroup?(group: CheckedGroup, report: Report): void;
  /** Every commit that will never land, behind those that landed before it. */
  onLost?(commit: CheckedCommit, report: Report): void;
  /** Every answer, after the records that were durable when it was given. */
  onAnswer?(answer: CheckedAnswer, report: Report): void;
  /** Where the world is not healed, what an earlier look has found in order, and is the same still, need not be looked at again. */
  atRest(rest: Rest, report: Report): void;
}

/** Longer without a record the world has leapt over a night: a house that is awake records something each minute. */
export const NIGHT_MS = 30 * 60_000;
