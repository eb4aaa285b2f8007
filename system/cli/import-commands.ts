/** `import`: a file of ticks or of bars into the stored series, through the running product or as the writer. A file that is refused stores nothing and exits 1. */
import { type Command, Option } from 'commander';
import { ZONES, type Zone } from '../../market/importers/zones.ts';
import type { FileImport, FileImported } from './operations.ts';
import { ProgressBar } from './progress-bar.ts';
import type { OpenSession, Session } from './session.ts';
import { sizeOf, symbolOf } from './tick-file.ts';

const EXAMPLES = `
The layout is told by content (NinjaTrader, Kibot, Sierra Chart, Databento, HistData, Dukascopy, MetaTrader and
others, plain or gzip). Times without a zone are UTC unless --zone says otherwise. What is stored already is skipped.
A file of bars (1m, 5m, 15m, 1h, 4h, 1d) is told by content too; longer bars are made of them.

Examples:
  import "NQ 03-20.Last.txt"
  import kibot.txt --symbol NQ --zone America/New_York
  import ticks.csv.gz --symbol EURUSD --json
  import "NQ 03-20.Minute.txt" --stamps-start
  import EURUSD_1h_oanda_2014-2018.csv.gz
`;

interface ImportFlags {
  readonly symbol?: string;
  readonly zone?: Zone;
  readonly stampsStart?: boolean;
  readonly keepDuplicates: boolean;
}

const grouped = (count: number): string => count.toLocaleString('en-US');

function resultText(symbol: string, result: FileImported): string {
  const lines = [
    `${symbol}: ${grouped(result.uploadedRows)} of ${grouped(result.totalRows)} rows stored, ${grouped(result.skippedRows)} skipped (${grouped(result.badRows)} bad lines) in ${result.duration}`,
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
  const bar = new ProgressBar(session.terminal);
  await session.operate(async (house) => {
    try {
      const result = await house.importTicks(file, ({ uploaded, skipped, ratio }) =>
        bar.show(ratio, `${grouped(uploaded)} stored, ${grouped(skipped)} skipped`),
      );
      bar.clear();
      await session.print({ symbol, ...result }, resultText(symbol, result));
    } catch (error) {
      bar.clear();
      throw error;
    }
  }, true);
}

export function addImportCommands(program: Command, open: OpenSession): void {
  program
    .command('import')
    .description('import a file of ticks or bars; all of it or nothing')
    .argument('<file>')
    .option('--symbol <symbol>', "the instrument; else the beginning of the file's name")
    .addOption(new Option('--zone <zone>', 'the clock that the file was written by').choices(ZONES))
    .option('--stamps-start', "the file's bars are stamped at their beginning, where its layout would say their end")
    .option('--keep-duplicates', 'store ticks again that are stored already', false)
    .addHelpText('after', EXAMPLES)
    .action((path: string, flags: ImportFlags, command: Command) => importFile(open(command), path, flags));
}
