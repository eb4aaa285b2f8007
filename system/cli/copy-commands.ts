/**
 * `backup` and `restore`. A backup is a whole new file or none. A restore needs an empty place that nobody holds, and proves the chain
 * of what it brought back.
 */
import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { restore } from '../../db/upkeep/backup.ts';
import { lookAround } from '../surroundings.ts';
import { placeOf } from './local.ts';
import { badUsage, CommandFailure } from './outcome.ts';
import { assertAbsent, type OpenSession, type Session, writeNew } from './session.ts';

async function makeBackup(session: Session, path: string): Promise<void> {
  assertAbsent(path);
  await session.operate(async (house) => {
    const { bytes, chunks } = await house.backup();
    await writeNew(path, chunks, bytes);
    await session.print({ path, bytes }, `wrote ${path}, ${bytes} bytes`);
  });
}

async function restoreBackup(session: Session, path: string): Promise<void> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw badUsage(`there is no file ${path}: name one that \`backup\` has written`);
  if (await session.health())
    throw new CommandFailure(
      `a product runs at ${session.address.url}, and nothing is restored beside it: stop it first, or name with --url the ` +
        'address at which the restored house will run',
    );
  const { settings } = session;
  lookAround(settings);
  const { world, place } = await placeOf(settings);
  const { database, archiveDirectory, upkeep } = place;
  try {
    await restore(database, { path, archiveDirectory, world });
    const result = await upkeep.verify();
    if (!result.holds)
      throw new CommandFailure(
        `restored, but the journal is broken at record ${result.sequence}: ${result.reason}. It was copied so, or ${path} ` +
          'has been changed since: restore an older backup into another empty place',
      );
    await session.print(result, `restored: ${result.records} records, head hash ${result.hash}; the chain holds`);
  } finally {
    await place.close();
  }
}

export function addCopyCommands(program: Command, open: OpenSession): void {
  program
    .command('backup')
    .description('copy everything, archived records included, into one new gzip file')
    .argument('<file>')
    .action((path: string, _: unknown, command: Command) => makeBackup(open(command), path));
  program
    .command('restore')
    .description('bring a backup back into an empty place; never while a product runs')
    .argument('<file>')
    .action((path: string, _: unknown, command: Command) => restoreBackup(open(command), path));
}
