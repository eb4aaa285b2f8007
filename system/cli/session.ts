/** One run of the command line: its global options, the way to a house, and where output goes. */

import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { readSettings } from '../settings.ts';
import { type LocalHouse, openLocalHouse } from './local.ts';
import type { Operations } from './operations.ts';
import { badUsage, CommandFailure } from './outcome.ts';
import { type Health, healthAt, RemoteHouse, type Send } from './remote.ts';

/** What the process gives. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly send: Send;
  /** Resolves when it may be followed by more. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Shows how far something is, in place of what was shown before; absent where nobody watches. Empty text clears it. */
  progress?(text: string): void;
  /** Aborts when the person wants the command to end; from the call on nothing else ends it. Absent where nobody can. */
  interrupted?(): AbortSignal;
  /** For the person, beside the output. */
  note(line: string): void;
}

export interface GlobalOptions {
  readonly json: boolean;
  readonly url: string;
  readonly token: string;
}

/** The session of the command that runs. */
export type OpenSession = (command: Command) => Session;

export class Session {
  constructor(
    readonly terminal: Terminal,
    readonly options: GlobalOptions,
  ) {}

  get settings() {
    return readSettings(this.terminal.env);
  }

  get address(): { readonly url: string; readonly send: Send } {
    return { url: this.options.url.replace(/\/+$/, ''), send: this.terminal.send };
  }

  health(): Promise<Health | undefined> {
    return healthAt(this.address);
  }

  /** The running product, or nothing when nobody listens. One that is not ready yet is a failure. */
  async product(): Promise<RemoteHouse | undefined> {
    const health = await this.health();
    if (!health) return undefined;
    const { url } = this.address;
    if (health.status === 'starting' || health.status === 'stopping')
      throw new CommandFailure(`the product at ${url} is ${health.status}: try again in a moment`);
    return new RemoteHouse({ ...this.address, token: this.options.token });
  }

  async runningProduct(): Promise<RemoteHouse> {
    const product = await this.product();
    if (!product) throw new CommandFailure(`no product answers at ${this.address.url}: this needs a running one`);
    return product;
  }

  /** Through the running product, else as the writer of the place; `makesPlace`: also of one that is not there yet. */
  async operate(work: (house: Operations) => Promise<void>, makesPlace = false): Promise<void> {
    const house = (await this.product()) ?? (await this.local(makesPlace));
    try {
      await work(house);
    } finally {
      await house.close();
    }
  }

  /** JSON for programs, or text for people. */
  print(value: unknown, text: string): Promise<void> {
    return this.terminal.write(`${this.options.json ? JSON.stringify(value, null, 2) : text}\n`);
  }

  private async local(makesPlace: boolean): Promise<LocalHouse> {
    const house = await openLocalHouse(this.settings, makesPlace);
    this.terminal.note(`no product answers at ${this.address.url}; working on ${house.name}`);
    return house;
  }
}

export function assertAbsent(path: string): void {
  if (existsSync(path))
    throw new CommandFailure(
      `${path} is there already, and nothing is overwritten: name another file, or move that one away`,
    );
  const folder = dirname(path);
  if (!existsSync(folder)) throw badUsage(`there is no folder ${folder}: make it first, or name another one`);
}

/** What the disk refuses is told by the file's name, not as a bare errno. */
async function onDisk<T>(path: string, act: Promise<T>): Promise<T> {
  return act.catch(({ code }: NodeJS.ErrnoException) => {
    throw new CommandFailure(
      `${path} can't be written (${code}): name a file where there is room and a right to write`,
    );
  });
}

/** A new file that only its owner reads, there whole and on disk or not at all. Returns its length. */
export async function writeNew(
  path: string,
  chunks: AsyncIterable<string | Uint8Array>,
  expectedBytes?: number,
): Promise<number> {
  assertAbsent(path);
  const draft = `${path}.draft`;
  const file = await onDisk(path, open(draft, 'w', 0o600));
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      await onDisk(path, file.writeFile(chunk));
      bytes += Buffer.byteLength(chunk);
    }
    await onDisk(path, file.sync());
    if (expectedBytes !== undefined && bytes !== expectedBytes)
      throw new CommandFailure(`only ${bytes} of ${expectedBytes} bytes came, and nothing of them was kept: try again`);
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw error;
  }
  await file.close();
  await onDisk(path, rename(draft, path));
  return bytes;
}
