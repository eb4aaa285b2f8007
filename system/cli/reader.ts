/** What a command prints may stop being read (`| head -1`) or be nowhere to be written to: the command ends then, without a stack. */
import { EXIT } from './outcome.ts';

/** `cutOff`: how it ends when its reader has seen enough, which takes nothing back of what was done. */
export function endWithReader(stream: NodeJS.WriteStream, cutOff: number): void {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(cutOff);
    process.stderr.write(`the output can't be written: ${message}\n`);
    process.exit(EXIT.failed);
  });
}
