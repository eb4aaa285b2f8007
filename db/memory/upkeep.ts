/**
 * Upkeep of the in-memory twin: the same proofs over the same records, retention that keeps what is still needed, and a copy that a
 * database can be restored from. What runs in the background is remembered elsewhere, and is not in the copy.
 */
import { gzipSync } from 'node:zlib';
import type { Comparison, Copy, Retention, Upkeep, Verification } from '../../projections/upkeep.ts';
import type { StoredRecord } from '../../runtime/store.ts';
import { Alone } from '../upkeep/alone.ts';
import { type Expected, firstDifference, keyOf } from '../upkeep/compare.ts';
import { Replay } from '../upkeep/replay.ts';
import { type Ends, faultOf, proveChain } from '../upkeep/verify.ts';
import type { MemoryDisk } from './disk.ts';
import { dump } from './dump.ts';

export class MemoryUpkeep implements Upkeep {
  private readonly alone = new Alone();

  constructor(private readonly disk: MemoryDisk) {}

  get underWay(): string | undefined {
    return this.alone.underWay;
  }

  verify(): Promise<Verification> {
    return this.alone.run('verification', () => proveChain(this.ends, this.all, faultOf));
  }

  replay(): Promise<Comparison> {
    return this.alone.run('replay', async () => {
      const { disk, all } = this;
      const replay = new Replay();
      const expected: Expected = new Map();
      for (const record of all)
        for (const { table, key, row } of replay.next(record)) expected.set(keyOf(table, key), row);
      const rows = expected.size;
      const found = await firstDifference((table) => disk.tables[table].values(), expected);
      return found ?? { matches: true, records: all.length, rows };
    });
  }

  backup(): Promise<Copy> {
    return this.alone.run('backup', async () => {
      const lines = [...dump(this.disk)].map((line) => `${JSON.stringify(line)}\n`);
      const bytes = gzipSync(lines.join(''));
      return { bytes: bytes.length, chunks: once(bytes) };
    });
  }

  archive(keep: number): Promise<Retention> {
    return this.alone.run('retention', async () => {
      const { records, archived, cursors, effects, head } = this.disk;
      const sequence = head?.sequence ?? 0;
      const open = [...effects.values()].flatMap((all) => [...all.keys()]);
      const needed = [...[...cursors.values()].map((cursor) => cursor.sequence), ...open.map((first) => first - 1)];
      const last = Math.max(0, Math.min(sequence - keep, ...needed));
      const moved = records.findIndex((record) => record.sequence > last);
      archived.push(...records.splice(0, moved < 0 ? records.length : moved));
      const archivedUpTo = archived.at(-1)?.sequence ?? 0;
      return { archivedUpTo, kept: sequence - archivedUpTo };
    });
  }

  async *export(fromSequence: number): AsyncGenerator<string> {
    const upTo = this.disk.head?.sequence ?? 0;
    for (const record of this.all)
      if (record.sequence >= fromSequence && record.sequence <= upTo) yield `${JSON.stringify(record)}\n`;
  }

  private get all(): readonly StoredRecord[] {
    return [...this.disk.archived, ...this.disk.records];
  }

  private get ends(): Ends | undefined {
    const { head, records } = this.disk;
    return head && { sequence: head.sequence, hash: head.hash, newest: records.at(-1)?.sequence ?? head.sequence };
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
