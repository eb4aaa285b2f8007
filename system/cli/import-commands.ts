/** `import`: a tick file into the stored series, through the running product or as the writer. A file that is refused stores nothing and exits 1. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { findInstrument } from '../../domain/instrument.ts';
import { ZONES, type Zone } from '../../market/importers/zones.ts';
import type { FileImport, FileImported, ImportStep } from './operations.ts';
import { badUsage } from './outcome.ts';
import type { OpenSession, Session } from './session.ts';

const EXAMPLES = `
The layout is told by content (NinjaTrader, Kibot, Sierra Chart, Databento, HistData, Dukascopy, MetaTrader and
others, plain or gzip). Times without a zone are UTC unless --zone says otherwise. What is stored already is skipped.

Examples:
  import "NQ 03-20.Last.txt"
  import kibot.txt --symbol NQ --zone America/New_York
  import ticks.csv.gz --symbol EURUSD --json
`;
const BAR_CHARACTERS = 30;

interface ImportFlags {
  readonly symbol?: string;
  readonly zone?: Zone;
  readonly keepDuplicates: boolean;
}

/** The file's length; refuses what is no file. */
function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) throw badUsage(`there is no file ${path}`);
  return found.size;
}

/** From the option, else from the beginning of the file's name. */
function symbolOf(path: string, asked: string | undefined): string {
  const spelling = asked ?? basename(path).split(/[_.\s]/, 1)[0] ?? '';
  const instrument = findInstrument(spelling);
  if (instrument) return instrument.symbol;
  if (asked !== undefined) throw badUsage(`"${asked}" is not a known instrument`);
  throw badUsage(`the name of ${basename(path)} tells no known instrument: give --symbol`);
}

const grouped = (count: number): string => count.toLocaleString('en-US');

function progressText({ uploaded, skipped, ratio }: ImportStep): string {
  const counts = `${grouped(uploaded)} stored, ${grouped(skipped)} skipped`;
  if (ratio === undefined) return counts;
  const done = Math.round(ratio * BAR_CHARACTERS);
  return `[${'#'.repeat(done)}${'.'.repeat(BAR_CHARACTERS - done)}] ${Math.floor(ratio * 100)} %  ${counts}`;
}

function resultText(symbol: string, result: FileImported): string {
  const lines = [
    `${symbol}: ${grouped(result.uploadedRows)} of ${grouped(result.totalRows)} ticks stored, ${grouped(result.skippedRows)} skipped (${grouped(result.badRows)} bad lines) in ${result.duration}`,
    ...(result.layout === undefined ? [] : [`  read as ${result.layout}, times as ${result.zone}`]),
    ...result.badLines.map(({ line, reason }) => `  line ${line}: ${reason}`),
  ];
  return lines.join('\n');
}

async function importFile(session: Session, path: string, flags: ImportFlags): Promise<void> {
  const sizeBytes = sizeOf(path);
  const symbol = symbolOf(path, flags.symbol);
  const { symbol: _, keepDuplicates, ...rest } = flags;
  const file: FileImport = { path, sizeBytes, symbol, skipDuplicates: !keepDuplicates, ...rest };
  const { terminal } = session;
  await session.operate(async (house) => {
    try {
      const result = await house.importTicks(file, (step) => terminal.progress?.(progressText(step)));
      terminal.progress?.('');
      await session.print({ symbol, ...result }, resultText(symbol, result));
    } catch (error) {
      terminal.progress?.('');
      throw error;
    }
  });
}

export function addImportCommands(program: Command, open: OpenSession): void {
  program
    .command('import')
    .description('import a tick file; all of it or nothing')
    .argument('<file>')
    .option('--symbol <symbol>', "the instrument; else the beginning of the file's name")
    .addOption(new Option('--zone <zone>', 'the clock that the file was written by').choices(ZONES))
    .option('--keep-duplicates', 'store ticks again that are stored already', false)
    .addHelpText('after', EXAMPLES)
    .action((path: string, flags: ImportFlags, command: Command) => importFile(open(command), path, flags));
}
