/**
 * Upkeep of one place: proofs, copies and retention, one at a time. A copy has left its folder before anybody reads it, so that
 * nothing of it stays behind.
 */
import { createReadStream, fstatSync, mkdirSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Copy, Retention, Upkeep } from '../../projections/upkeep.ts';
import type { Database } from '../client/database.ts';
import { Alone } from './alone.ts';
import { archiveRecords } from './archive.ts';
import { backup } from './backup.ts';
import { compareTables } from './compare.ts';
import { exportJournal, faultOf, journalEnds, verifyJournal } from './verify.ts';

export function openUpkeep(database: Database, archiveDirectory: string): Upkeep {
  const source = { archiveDirectory };
  const alone = new Alone();

  async function copy(): Promise<Copy> {
    mkdirSync(archiveDirectory, { recursive: true });
    const path = join(archiveDirectory, 'backup.jsonl.gz');
    await backup(database, { ...source, path });
    const file = openSync(path, 'r');
    unlinkSync(path);
    return { bytes: fstatSync(file).size, chunks: createReadStream('', { fd: file }) };
  }

  async function retain(keep: number): Promise<Retention> {
    const { sequence = 0 } = (await journalEnds(database.query)) ?? {};
    const upTo = Math.max(0, sequence - keep);
    const archivedUpTo = await archiveRecords(database, { directory: archiveDirectory, upTo });
    return { archivedUpTo, kept: sequence - archivedUpTo };
  }

  return {
    get underWay() {
      return alone.underWay;
    },
    verify: () => alone.run('verification', () => verifyJournal(database, source, faultOf)),
    replay: () => alone.run('replay', () => compareTables(database, source)),
    backup: () => alone.run('backup', copy),
    archive: (keep) => alone.run('retention', () => retain(keep)),
    export: (fromSequence) => exportJournal(database, { ...source, fromSequence }),
  };
}
