/** How a command of the command line ends: 0 done, 1 it found something or failed, 2 it was asked wrongly. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Ends the command with one readable line. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
    /** What `--json` prints of it. */
    readonly told?: object,
  ) {
    super(message);
    this.name = 'CommandFailure';
  }
}

export const badUsage = (message: string): CommandFailure => new CommandFailure(message, EXIT.usage);
