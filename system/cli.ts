/** The process of the command line: arguments, environment, network and streams for system/cli/program.ts. A reader that has seen enough ends it quietly. */
import { EXIT } from './cli/outcome.ts';
import { runCommandLine } from './cli/program.ts';
import { endWithReader } from './cli/reader.ts';

endWithReader(process.stdout, EXIT.done);

/** A second Ctrl-C ends the process as always. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

process.exitCode = await runCommandLine(process.argv.slice(2), {
  env: process.env,
  send: (url, init) => fetch(url, init),
  write: (chunk) => new Promise((resolve) => void process.stdout.write(chunk, () => resolve())),
  ...(process.stderr.isTTY && { progress: (text: string) => void process.stderr.write(`\r\u001b[K${text}`) }),
  interrupted,
  note: (line) => void process.stderr.write(`${line}\n`),
});
