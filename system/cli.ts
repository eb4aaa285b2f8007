/** The process of the command line: arguments, environment, network and streams for system/cli/program.ts. A reader that has seen enough ends it quietly. */
import { runCommandLine } from './cli/program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`the output can't be written: ${error.message}\n`);
  process.exit(1);
});

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
