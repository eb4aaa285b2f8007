/** What the kernel asks of read models: rows that ride in the group of the records they come from. Pure beside memory of their own. */
import type { JournalRecord } from './message.ts';
import type { Upsert } from './store.ts';

/** Read models: after-images at a turn's end, swapped in on the ack. */
export interface Projector {
  apply(record: JournalRecord): readonly Upsert[];
  publish(upserts: readonly Upsert[]): void;
  discard(): void;
  load(): Promise<void>;
}
