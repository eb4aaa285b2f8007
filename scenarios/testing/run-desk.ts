/** One person who makes, starts and drives runs in a simulated world, asking again while the product is away. */
import { openMemory } from '../../db/memory/open.ts';
import type { SimulatedPlace } from '../../db/simulated/database.ts';
import { RUN_STREAMS, type RunLine, type RunStream } from '../../projections/run-outputs.ts';
import type { ProductSettings } from '../../system/ports.ts';
import type { Answer } from '../exchange.ts';
import type { WorldFaults } from '../faults.ts';
import { Person, parsed } from '../people/person.ts';
import { simulatedSettings } from '../settings.ts';
import { World } from '../world.ts';
import type { WorldOptions } from '../world-options.ts';

export interface Run {
  readonly execution_id: number;
  readonly execution_number: number;
  readonly status: string;
}
export interface Shown {
  readonly status: string;
  readonly progress: number;
  readonly checkpoint: { readonly processed: number; readonly total_trades: number } | null;
}

export type Said = Record<RunStream, readonly object[]>;

export interface DeskOptions {
  readonly deathRatio?: number;
  readonly settings?: ProductSettings;
  readonly market?: NonNullable<WorldOptions['market']>;
  readonly symbols?: readonly string[];
  readonly startsAt?: number;
  readonly faults?: WorldFaults;
  /** The disk; in memory when absent. */
  readonly place?: SimulatedPlace;
}

export class RunDesk {
  readonly place: SimulatedPlace;
  readonly world: World;
  readonly person: Person;

  constructor(
    seed: string,
    {
      deathRatio = 0,
      settings = simulatedSettings(),
      symbols = ['EURUSD'],
      place = openMemory(),
      ...rest
    }: DeskOptions = {},
  ) {
    this.place = place;
    this.world = new World({ seed, place, settings, symbols, lanes: { sliceMs: 500, deathRatio }, ...rest });
    this.person = new Person(this.world, 'somebody', 'test-bearer-token', this.world.random.fork('somebody'));
  }

  async open(): Promise<this> {
    await this.world.open();
    return this;
  }

  pass = (ms: number): Promise<void> => this.world.runUntil(this.world.now + ms);

  private async answered(asked: Promise<Answer | undefined>): Promise<Answer | undefined> {
    let done = false;
    void asked.finally(() => {
      done = true;
    });
    for (let waited = 0; !done && waited < 6_000; waited += 1) await this.pass(50);
    return asked;
  }

  async reply(asked: Promise<Answer | undefined>): Promise<Answer> {
    const answer = await this.answered(asked);
    if (!answer) throw new Error('nobody answered');
    return answer;
  }

  post = (path: string, body?: object): Promise<Answer> =>
    this.reply(this.person.insist('POST', `/api/trading/tasks/${path}`, body ?? {}));
  /** Asks again while the product is away. */
  async get<T>(path: string): Promise<T> {
    for (let tries = 0; tries < 60; tries += 1) {
      const shown = parsed<T>(await this.answered(this.person.get(`/api/trading/${path}`)));
      if (shown !== undefined) return shown;
      await this.pass(500);
    }
    throw new Error(`nobody shows ${path}`);
  }

  async started(task: object): Promise<void> {
    const created = await this.post('', task);
    if (created.status !== 201) throw new Error(`the task was not made: ${created.body}`);
    const { task_id } = parsed<{ task_id: number }>(created)!;
    const started = await this.post(`${task_id}/start/`);
    if (parsed<Run>(started)?.execution_number !== 1) throw new Error(`the run was not started: ${started.body}`);
  }

  status = (executionId = 1): Promise<Shown> => this.get<Shown>(`executions/${executionId}/status/`);

  /** Passes time until the run is so far. */
  async until(reached: (shown: Shown) => boolean, executionId = 1): Promise<Shown> {
    for (let waited = 0; waited < 2_000; waited += 1) {
      const shown = await this.status(executionId);
      if (reached(shown)) return shown;
      await this.pass(200);
    }
    throw new Error('the run never came so far');
  }

  async lines(stream: RunStream, executionId = 1): Promise<readonly RunLine[]> {
    return (await this.place.outputs.lines(executionId, stream, {}, 1_000_000, 0)).rows;
  }

  async said(executionId = 1): Promise<Said> {
    const all: Said = { event: [], trade: [], equity: [] };
    for (const stream of RUN_STREAMS)
      all[stream] = (await this.lines(stream, executionId)).map(({ createdAt: _, ...line }) => line);
    return all;
  }
}
