/** `journal verify|replay|export` and `archive`: proofs of what is remembered, and retention. A proof that fails exits 1. */
import type { Command } from 'commander';
import { CommandFailure } from './outcome.ts';
import { type OpenSession, type Session, writeNew } from './session.ts';
import { wholeNumber } from './whole-number.ts';

const EXAMPLES = `
Examples:
  journal verify                           the hash chain and each record's schema, archived ones included
  journal replay                           the read tables, made again from the records
  journal export --from 1000 | jq .type    JSON lines
`;

async function verify(session: Session): Promise<void> {
  await session.operate(async (house) => {
    const result = await house.verify();
    if (result.holds)
      return session.print(result, `the journal holds: ${result.records} records, head hash ${result.hash}`);
    await session.print(result, `the journal is broken at record ${result.sequence}: ${result.reason}`);
    throw new CommandFailure('');
  });
}

async function replay(session: Session): Promise<void> {
  await session.operate(async (house) => {
    const result = await house.replay();
    if (result.matches)
      return session.print(result, `the tables hold: ${result.rows} rows are what ${result.records} records say`);
    const { table, id, stored, replayed } = result;
    const lines = [`table ${table} is not what the records say, first at ${id}`];
    lines.push(`  stored    ${stored ?? 'no such row'}`, `  replayed  ${replayed ?? 'no such row'}`);
    await session.print(result, lines.join('\n'));
    throw new CommandFailure('');
  });
}

async function exportRecords(session: Session, { from, out }: { from: number; out?: string }): Promise<void> {
  await session.operate(async (house) => {
    const records = await house.export(from);
    if (out === undefined) {
      for await (const chunk of records) await session.terminal.write(chunk);
      return;
    }
    const bytes = await writeNew(out, records);
    session.terminal.note(`wrote ${out}, ${bytes} bytes`);
  });
}

export function addJournalCommands(program: Command, open: OpenSession): void {
  const journal = program.command('journal').description('prove and export the journal').addHelpText('after', EXAMPLES);
  journal
    .command('verify')
    .description("prove the hash chain and each record's schema, or name the first record where they do not hold")
    .action((_: unknown, command: Command) => verify(open(command)));
  journal
    .command('replay')
    .description('make the read tables again from the records and compare them row by row')
    .action((_: unknown, command: Command) => replay(open(command)));
  journal
    .command('export')
    .description('all records as JSON lines, oldest first')
    .option('--from <sequence>', 'first record', wholeNumber(1), 1)
    .option('--out <file>', 'a new file instead of standard output')
    .action((options: { from: number; out?: string }, command: Command) => exportRecords(open(command), options));
  program
    .command('archive')
    .description('move old records to archive files; never one that a reader or an open effect still needs')
    .requiredOption('--keep <records>', 'how many of the newest stay in the table', wholeNumber(0))
    .action(({ keep }: { keep: number }, command: Command) => {
      const session = open(command);
      return session.operate(async (house) => {
        const result = await house.archive(keep);
        const needed = result.kept > keep ? ', which readers or open effects may still need' : '';
        const text = `archived up to record ${result.archivedUpTo}; ${result.kept} stay in the table${needed}`;
        await session.print(result, text);
      });
    });
}
