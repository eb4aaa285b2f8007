/** The command line in a test of its own: what it writes, what it says beside, how it ends. */
import { runCommandLine } from '../program.ts';
import type { Send } from '../remote.ts';

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly notes: string;
  readonly progress: readonly string[];
}

interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly watch?: (progress: string) => void;
  readonly send?: Send;
}

/** `signal` is the person's Ctrl-C, `watch` their eyes on the progress, `send` the network. */
export async function runCli(
  args: readonly string[],
  { env = {}, signal, watch, send = fetch }: CliOptions = {},
): Promise<Ended> {
  const output: string[] = [];
  const notes: string[] = [];
  const progress: string[] = [];
  const code = await runCommandLine(args, {
    env,
    send,
    write: async (chunk) => void output.push(String(chunk)),
    note: (line) => void notes.push(line),
    progress: (text) => {
      progress.push(text);
      watch?.(text);
    },
    ...(signal && { interrupted: () => signal }),
  });
  return { code, output: output.join(''), notes: notes.join('\n'), progress };
}
