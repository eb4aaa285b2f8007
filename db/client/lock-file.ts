/**
 * The lock of a data directory: a file with process id, start time and boot id of its holder. It holds exactly as long as that very
 * process lives; a file that a dead one left behind is taken over. Two processes never both believe that they hold it.
 */
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Holder {
  readonly pid: number;
  /** In clock ticks since the boot; empty where the system does not tell. */
  readonly startedAt: string;
  readonly bootId: string;
}

const readOr = (path: string, other: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return other;
  }
};

/** Fields of /proc/<pid>/stat from the third on; the command in field 2 may contain blanks and brackets. */
function statOf(pid: number): readonly string[] {
  const stat = readOr(`/proc/${pid}/stat`, '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

const startedAt = (pid: number): string => statOf(pid)[19] ?? '';

/** Killed, and only its entry is left until its parent asks for it: it will never write again, unless a thread of it still ends. */
function isZombie(pid: number): boolean {
  if (statOf(pid)[0] !== 'Z') return false;
  try {
    return readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    return true;
  }
}

const bootId = (): string => readOr('/proc/sys/kernel/random/boot_id', '').trim();

function isAlive(holder: Holder): boolean {
  if (holder.bootId !== bootId()) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startedAt(holder.pid) === holder.startedAt && !isZombie(holder.pid);
}

const parse = (text: string): Holder | undefined => {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
};

/** Returns a function that gives the directory back. */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'writer.lock');
  const own = `${path}.${process.pid}`;
  const content = JSON.stringify({
    pid: process.pid,
    startedAt: startedAt(process.pid),
    bootId: bootId(),
  } satisfies Holder);
  try {
    writeFileSync(own, content);
    while (!tryLink(own, path)) clearIfDead(path, directory);
  } finally {
    // A full disk has the file, and nothing in it.
    rmSync(own, { force: true });
  }
  return () => {
    if (readOr(path, '') === content) unlinkSync(path);
  };
}

/** Atomic: fails when the file exists. */
function tryLink(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function clearIfDead(path: string, directory: string): void {
  const found = readOr(path, '');
  const holder = parse(found);
  if (holder && isAlive(holder)) {
    throw new Error(`the data directory ${directory} is in use by the process with pid ${holder.pid}`);
  }
  const aside = `${path}.dead.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  // Another process may have taken over between our look and our move: then its lock goes back.
  if (readOr(aside, '') !== found) tryLink(aside, path);
  unlinkSync(aside);
}
