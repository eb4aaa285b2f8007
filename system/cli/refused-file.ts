/** A file that was refused, as the end of a command: its first bad lines are told. */
import type { FileImported } from './operations.ts';
import { CommandFailure } from './outcome.ts';

export function refusedFile(reason: string, badLines: FileImported['badLines']): CommandFailure {
  const lines = badLines.map(({ line, reason: why }) => `\n  line ${line}: ${why}`);
  return new CommandFailure(`nothing was stored: ${reason}${lines.join('')}`);
}
