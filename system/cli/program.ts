/**
 * The command line as a function: arguments and a terminal in, an exit code out. It asks the running product first; where nobody
 * listens it becomes the writer of the place that the settings name.
 */
import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import { DEVELOPMENT_TOKEN } from '../../api/kit/tokens.ts';
import { SettingsError } from '../settings.ts';
import { addCopyCommands } from './copy-commands.ts';
import { addImportCommands } from './import-commands.ts';
import { addImportsCommands } from './imports-commands.ts';
import { addJournalCommands } from './journal-commands.ts';
import { addLimitsCommands } from './limits-commands.ts';
import { CommandFailure, EXIT } from './outcome.ts';
import { addProductCommands } from './product-commands.ts';
import { addBacktestCommand } from './runs/backtest-command.ts';
import { addOptimizeCommand } from './runs/optimize-command.ts';
import { addReportCommand } from './runs/report-command.ts';
import { addRunsCommands } from './runs/runs-commands.ts';
import { type GlobalOptions, type OpenSession, Session, type Terminal } from './session.ts';

const DEFAULT_PORT = '3000';

const HELP = `
Commands go through the product that answers at --url. Where nobody listens, those that need no product
(limits, journal, archive, backup, restore, import, imports, runs, report, and backtest and optimize over a stored series)
work on the place that DATA_DIR, DATABASE_URL and MARKET_DATA name, and are refused while another process holds it.
backtest and optimize over a file need neither.

Exit codes: 0 done, 1 a finding or a failure, 2 bad usage.

Examples:
  npm run -s cli -- journal verify
  npm run -s cli -- limits set quoteAgeMaxMs 3000 --reason "faster feed"
  npm run -s cli -- backup pitwall.jsonl.gz
  npm run -s cli -- import "NQ 03-20.Last.txt"
  npm run -s cli -- backtest --strategy max --file "NQ 03-20.Last.txt"
  DATA_DIR=fresh npm run -s cli -- restore pitwall.jsonl.gz
  npm run -s cli -- --token "$(npm run -s cli -- token --client supervisor-client --secret …)" agents
`;

function programFor(terminal: Terminal): Command {
  const { PORT } = terminal.env;
  const port = PORT === undefined || PORT === '' || PORT === '0' ? DEFAULT_PORT : PORT;
  const pending: string[] = [];
  const program = new Command('cli')
    .description('Looks after a Pitwall house.')
    .option('--json', 'print JSON', false)
    .option('--url <url>', 'the running product', houseUrl, `http://127.0.0.1:${port}`)
    .addOption(
      new Option('--token <token>', 'access token')
        .env('PITWALL_TOKEN')
        .default(DEVELOPMENT_TOKEN, 'the development token'),
    )
    .addHelpText('after', HELP)
    .showHelpAfterError()
    .configureOutput({ writeOut: (text) => pending.push(text), writeErr: (text) => terminal.note(text.trimEnd()) })
    .exitOverride((error) => {
      throw new HelpShown(error, pending.join(''));
    });
  const open: OpenSession = (command) => new Session(terminal, command.optsWithGlobals<GlobalOptions>());
  addLimitsCommands(program, open);
  addJournalCommands(program, open);
  addCopyCommands(program, open);
  addImportCommands(program, open);
  addImportsCommands(program, open);
  addBacktestCommand(program, open);
  addOptimizeCommand(program, open);
  addReportCommand(program, open);
  addRunsCommands(program, open);
  addProductCommands(program, open);
  return program;
}

/** Where the house listens, without a slash at its end: paths are added to it. */
function houseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new InvalidArgumentError(`It must be an address like http://127.0.0.1:${DEFAULT_PORT}.`);
  return text.replace(/\/+$/, '');
}

/** How commander ends by itself: with help that was asked for, or with a complaint that is written already. */
class HelpShown extends Error {
  readonly exitCode: number;

  constructor(
    error: CommanderError,
    readonly text: string,
  ) {
    super(error.message);
    this.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}

export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = programFor(terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof HelpShown) {
      if (error.text !== '') await terminal.write(error.text);
      return error.exitCode;
    }
    const message = error instanceof Error ? error.message : String(error);
    if (message !== '') terminal.note(message);
    if (error instanceof CommandFailure) {
      const { told, exitCode } = error;
      if (told && program.opts<GlobalOptions>().json) await terminal.write(`${JSON.stringify(told, null, 2)}\n`);
      return exitCode;
    }
    return error instanceof SettingsError ? EXIT.usage : EXIT.failed;
  }
}
