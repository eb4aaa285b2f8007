/**
 * The embedded database: PostgreSQL in WebAssembly, in a worker thread, on a directory that one process holds. It survives the
 * death of the process, not the loss of power: it never asks the disk to keep anything.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Database, DatabaseRow, Parameter, Query, Statement } from './database.ts';
import { DatabaseFault } from './fault.ts';
import { lockDirectory } from './lock-file.ts';
import { EMBEDDED_WORKER } from './package-root.ts';
import { isFresh, keepTemplate, making, templateFor } from './template.ts';

interface Answer {
  readonly id: number;
  readonly rows?: readonly DatabaseRow[];
  readonly failure?: { readonly message: string; readonly code?: string; readonly severity?: string };
}

interface Waiting {
  resolve(rows: readonly DatabaseRow[]): void;
  reject(error: Error): void;
}

export class EmbeddedDatabase implements Database {
  private worker: Worker | undefined;
  private unlock: (() => void) | undefined;
  private lastId = 0;
  private readonly waiting = new Map<number, Waiting>();
  /** While a snapshot is read, everything else waits behind it. */
  private snapshotDone: Promise<unknown> | undefined;
  private cold = false;

  constructor(private readonly directory: string) {}

  /** Looks at the directory only: nothing is opened or made. */
  isEmpty(): boolean {
    return isFresh(join(this.directory, 'database'));
  }

  async lock(): Promise<void> {
    if (this.worker) return;
    mkdirSync(this.directory, { recursive: true });
    this.unlock ??= lockDirectory(this.directory);
    const directory = join(this.directory, 'database');
    const isWhole = making(directory);
    const template = templateFor(directory);
    this.cold = template === undefined && isFresh(directory);
    const worker = new Worker(EMBEDDED_WORKER, { workerData: { directory, template } });
    this.worker = worker;
    worker.on('message', (answer: Answer) => this.settle(answer));
    worker.on('error', (error) => this.lose(worker, error));
    worker.on('exit', () => this.lose(worker));
    try {
      await this.ask({ operation: 'start' });
      isWhole();
    } catch (error) {
      // What is not known to be whole takes no commit: the next try, or the next process, makes it again.
      this.lose(worker);
      await worker.terminate();
      throw error;
    }
  }

  /** After the migrations of a cold start: the next new directory starts warm. */
  async migrated(): Promise<void> {
    if (!this.cold) return;
    this.cold = false;
    await keepTemplate(async (path) => void (await this.ask({ operation: 'dump', path })));
  }

  readonly query: Query = async (sql, params) => {
    await this.snapshotDone;
    return this.queryNow(sql, params);
  };

  async commit(statements: readonly Statement[]): Promise<void> {
    await this.snapshotDone;
    await this.ask({ operation: 'commit', statements });
  }

  async snapshot<T>(work: (query: Query) => Promise<T>): Promise<T> {
    await this.snapshotDone;
    const done = work(this.queryNow);
    this.snapshotDone = done.catch(() => undefined);
    try {
      return await done;
    } finally {
      this.snapshotDone = undefined;
    }
  }

  async close(): Promise<void> {
    const { worker } = this;
    if (worker) {
      await this.ask({ operation: 'close' }).catch(() => undefined);
      this.lose(worker);
      await worker.terminate();
    }
    this.unlock?.();
    this.unlock = undefined;
  }

  private readonly queryNow: Query = (sql: string, params: readonly Parameter[]) =>
    this.ask({ operation: 'query', statement: { sql, params } });

  private ask(request: Readonly<Record<string, unknown>> & { operation: string }): Promise<readonly DatabaseRow[]> {
    const { worker } = this;
    if (!worker) return Promise.reject(new DatabaseFault('the embedded database is not open', 'NOT_OPEN', undefined));
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ ...request, id });
    });
  }

  private settle({ id, rows, failure }: Answer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (failure) waiting?.reject(new DatabaseFault(failure.message, failure.code, failure.severity));
    else waiting?.resolve(rows ?? []);
  }

  private lose(worker: Worker, cause?: Error): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) {
      reject(new DatabaseFault('the embedded database has ended', 'CONNECTION_CLOSED', undefined, { cause }));
    }
    this.waiting.clear();
  }
}
