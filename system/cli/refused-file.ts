/** A file that was refused, as the end of a command: its first bad lines are told, to programs as data. */
import type { FileImported } from './operations.ts';
import { CommandFailure } from './outcome.ts';

type BadLines = FileImported['badLines'];

class RefusedFile extends CommandFailure {
  constructor(what: string, reason: string, badLines: BadLines) {
    const lines = badLines.map(({ line, reason: why }) => `\n  line ${line}: ${why}`);
    super(`${what}: ${reason}${lines.join('')}`, undefined, { refused: reason, badLines });
  }
}

export const refusedFile = (reason: string, badLines: BadLines): CommandFailure =>
  new RefusedFile('nothing was stored', reason, badLines);

/** The same for a command that would not have stored it. */
export const unreadableFile = (reason: string, badLines: BadLines): CommandFailure =>
  new RefusedFile("the file can't be run over", reason, badLines);
