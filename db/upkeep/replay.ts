/** Rows of the read tables from records alone: what a rebuild writes and a proof compares. Reads no table but the journal's. */
import { catalog } from '../../messages/registry.ts';
import { ReadView } from '../../projections/view.ts';
import type { Message } from '../../runtime/message.ts';
import type { StoredRecord, Upsert } from '../../runtime/store.ts';

export class Replay {
  private readonly view = new ReadView({ get: async () => undefined, list: async () => ({ rows: [], total: 0 }) });

  /** The rows that the next record changes, whole. */
  next({ payload, ...record }: StoredRecord): readonly Upsert[] {
    const message = catalog.upcast(record.type, record.version, JSON.parse(payload) as Message);
    const upserts = this.view.apply({ ...record, message });
    this.view.publish(upserts);
    return upserts;
  }
}
