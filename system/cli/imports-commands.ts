/** `imports`: what files have brought into the stored series, and the way to take one of them back. */
import { type Command, InvalidArgumentError } from 'commander';
import { findInstrument } from '../../domain/instrument.ts';
import { requestOfSeries } from '../../domain/run.ts';
import { dateAndTime } from '../../drawing/scale.ts';
import type { ImportRecord } from '../../market/series/store.ts';
import type { OpenSession, Session } from './session.ts';
import { right, table } from './table.ts';

const EXAMPLES = `
An import is taken back with its ticks and its bars, in one step; what other files have brought stays as it is. It is
refused while a backtest reads the instrument, and where a later import has left rows out because this one had them:
that one goes first, and its file is imported again.

Examples:
  imports                          everything that was imported, oldest first
  imports list --symbol NQ --json
  imports remove 0199c5a2-7d0e-7b55-9f3c-2f6f1f6f0a51
`;

const grouped = (count: number): string => count.toLocaleString('en-US');
const timeText = (at: number | null): string => (at === null ? '-' : dateAndTime(at));

const listed = ({
  id,
  symbol,
  fileName,
  layout,
  ticks,
  duplicates,
  firstMs,
  lastMs,
  publishedAt,
  bytes,
}: ImportRecord) => [
  ...[id, symbol, fileName ?? '-', layout, right(grouped(ticks)), right(grouped(duplicates))],
  ...[timeText(firstMs), timeText(lastMs), timeText(publishedAt), right(grouped(bytes))],
];

async function list(session: Session, { symbol }: { readonly symbol?: string }): Promise<void> {
  await session.operate(async (house) => {
    // What came with a request lasts as long as its backtest, and is nobody's to keep.
    const all = (await house.series.imports(symbol)).filter((one) => requestOfSeries(one.symbol) === undefined);
    const columns = ['import', 'symbol', 'file', 'layout', 'rows', 'duplicates', 'from (UTC)', 'to (UTC)'];
    const text =
      all.length === 0 ? 'nothing was imported' : table([...columns, 'imported (UTC)', 'bytes'], all.map(listed));
    await session.print({ imports: all }, text);
  });
}

async function remove(session: Session, importId: string): Promise<void> {
  await session.operate(async (house) => {
    const record = await house.takeBack(importId);
    const { symbol, fileName, ticks, firstMs, lastMs } = record;
    const file = fileName === null ? '' : ` of ${fileName}`;
    const period = firstMs === null ? '' : `, ${timeText(firstMs)} to ${timeText(lastMs)} UTC`;
    await session.print(
      { removed: record },
      `${symbol}: took back ${grouped(ticks)} rows${file}${period}, and their bars`,
    );
  });
}

function symbolOf(spelling: string): string {
  const instrument = findInstrument(spelling);
  if (!instrument) throw new InvalidArgumentError('It must be a known instrument.');
  return instrument.symbol;
}

export function addImportsCommands(program: Command, open: OpenSession): void {
  const imports = program
    .command('imports')
    .description('what was imported, and taking it back')
    .addHelpText('after', EXAMPLES);
  imports
    .command('list', { isDefault: true })
    .description('imports, oldest first')
    .option('--symbol <symbol>', 'only those of this instrument', symbolOf)
    .action((flags: { symbol?: string }, command: Command) => list(open(command), flags));
  imports
    .command('remove')
    .description('take an import back: its ticks and its bars')
    .argument('<import>', 'its id')
    .action((importId: string, _: unknown, command: Command) => remove(open(command), importId));
}
