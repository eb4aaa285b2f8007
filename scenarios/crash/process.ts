/**
 * A built entry point as a process of its own: started, listened to, killed. Whatever happens to this process, none of its children
 * stays behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartOptions {
  /** Below dist/, such as `main.js`. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** Everything that the process says goes here too. */
  readonly logPath: string;
}

const LISTENING = /listening on (http:\/\/\S+)/;
const SHOWN_LINES = 20;

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export class RunningProcess {
  /** Known once it listens. */
  url: string | undefined;
  exit: Exit | undefined;
  readonly exited: Promise<Exit>;
  readonly lines: string[] = [];
  readonly pid: number | undefined;
  private readonly startedMs = performance.now();
  private readonly child: ChildProcess;
  private readonly watchers = new Set<() => void>();

  constructor({ entry, env, logPath }: StartOptions) {
    const child = spawn(process.execPath, [join(process.cwd(), 'dist', entry)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    this.child = child;
    this.pid = child.pid;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        appendFileSync(logPath, `${line}\n`);
        this.lines.push(line);
        this.url ??= LISTENING.exec(line)?.[1];
        this.wake();
      });
    }
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        children.delete(child);
        this.exit = { code, signal };
        this.wake();
        resolve(this.exit);
      });
    });
  }

  /** Resolves with the milliseconds since the start; rejects with its last words when it ends before, or takes too long. */
  async ready(deadlineMs: number): Promise<number> {
    await this.until(() => this.url !== undefined || this.exit !== undefined, deadlineMs);
    if (this.url === undefined)
      throw new Error(`the process did not come to listen:\n${this.lines.slice(-SHOWN_LINES).join('\n')}`);
    return performance.now() - this.startedMs;
  }

  said = (pattern: RegExp): boolean => this.lines.some((line) => pattern.test(line));

  /** True when `condition` came to hold, false at the deadline; looked at whenever the process says something or ends. */
  until(condition: () => boolean, deadlineMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (condition()) done(true);
      };
      const done = (held: boolean): void => {
        clearTimeout(timer);
        this.watchers.delete(look);
        resolve(held);
      };
      const timer = setTimeout(() => done(condition()), deadlineMs);
      this.watchers.add(look);
      look();
    });
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit> {
    if (!this.exit) this.child.kill(signal);
    return this.exited;
  }

  private wake(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}
