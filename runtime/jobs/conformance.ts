/**
 * What every implementation of the jobs port promises, held by rehearsals. `until` lets time pass, virtual or real, until something holds
 * or far too long is over.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasEnded, type JobStatus, type Jobs } from '../jobs.ts';
import type { RehearsalPayload } from './rehearsal.ts';

export interface JobsPlace {
  /** A house over the same rows; the one before it has been closed or killed. */
  open(): Promise<Jobs>;
  /** What runs jobs dies in the middle of what it does, and comes back. */
  killWorkers(): Promise<void>;
  until(what: () => boolean | Promise<boolean>): Promise<void>;
  /** Rounds that make one piece of a rehearsal last about a millisecond. */
  readonly rounds: number;
  close(): Promise<void>;
}

const sumAfter = (pieces: number, rounds: number): number => {
  let sum = 1;
  for (let piece = 0; piece < pieces; piece += 1) {
    for (let round = 0; round <= rounds; round += 1) sum = (Math.imul(sum, 31) + piece + round) | 0;
  }
  return sum;
};

export function jobsConformance(name: string, openPlace: () => Promise<JobsPlace>): void {
  describe(`jobs over ${name}`, () => {
    let place: JobsPlace;
    let jobs: Jobs;
    let told: JobStatus[];
    beforeEach(async () => {
      place = await openPlace();
      await begin();
    });
    afterEach(async () => {
      await jobs.close();
      await place.close();
    });

    async function begin(): Promise<void> {
      jobs = await place.open();
      told = [];
      jobs.listen((status) => told.push(status));
      await jobs.start();
    }
    const submit = (id: string, payload: Partial<RehearsalPayload>): Promise<void> =>
      jobs.submit({ id, kind: 'rehearsal', payload: JSON.stringify({ pieces: 1, rounds: place.rounds, ...payload }) });
    const isState = (id: string, state: JobStatus['state']) => async (): Promise<boolean> =>
      (await jobs.find(id))?.state === state;
    /** Told, or found by a house that was away when it ended. */
    const ended = async (id: string): Promise<JobStatus> => {
      let status: JobStatus | undefined;
      await place.until(async () => {
        status = await jobs.find(id);
        return status !== undefined && hasEnded(status.state);
      });
      return status!;
    };
    const isTold = (id: string, state: JobStatus['state']): Promise<void> =>
      place.until(() => told.some((status) => status.id === id && status.state === state));
    const running = (id: string): Promise<void> =>
      place.until(() => told.some((one) => one.id === id && one.state === 'running' && one.progressRatio > 0));
    /** However fast its worker is, the first attempt runs until it is ended. */
    const staysOnce = { kind: 'stays', atPiece: 100, attempts: 1 } as const;
    const lines = async (id: string): Promise<string> =>
      (await jobs.output(id, 0, 1_000)).map(({ output }) => output).join('');
    const isUndisturbed = async (id: string, pieces: number): Promise<void> => {
      const status = await ended(id);
      expect(status).toMatchObject({ state: 'done', progressRatio: 1 });
      expect(JSON.parse(status.result ?? '')).toEqual({ pieces, sum: sumAfter(pieces, place.rounds) });
      const all = (await lines(id)).trimEnd().split('\n');
      expect(all.map((line) => Number(line.split(' ')[0]))).toEqual(Array.from({ length: pieces }, (_, at) => at + 1));
    };

    it('runs a job, and tells its way in order', async () => {
      await submit('first', { pieces: 20 });
      await isUndisturbed('first', 20);
      await isTold('first', 'done');
      const states = told.map(({ state }) => state).filter((state, at, all) => state !== all[at - 1]);
      expect(states.at(0)).toBe('waiting');
      expect(states.at(-1)).toBe('done');
      const ratios = told.map(({ progressRatio }) => progressRatio);
      expect(ratios).toEqual(ratios.toSorted((a, b) => a - b));
      expect(jobs.health()).toMatchObject({ open: { waiting: 0, running: 0, paused: 0 }, ended: { done: 1 } });
    });

    it('takes an order that is told twice once', async () => {
      await submit('twice', { pieces: 3 });
      await submit('twice', { pieces: 5 });
      await isUndisturbed('twice', 3);
      await submit('twice', { pieces: 5 });
      expect(await jobs.find('twice')).toMatchObject({ state: 'done', attempt: 1 });
    });

    it('refuses an order out of bounds', async () => {
      await expect(submit('no blanks', {})).rejects.toThrow(RangeError);
      await expect(jobs.submit({ id: 'a', kind: 'rehearsal', payload: 'x'.repeat(300_000) })).rejects.toThrow(
        RangeError,
      );
      await expect(jobs.submit({ id: 'a', kind: 'rehearsal', payload: '{' })).rejects.toThrow(SyntaxError);
      expect(await jobs.find('a')).toBeUndefined();
    });

    it('does more jobs than it has workers', async () => {
      const ids = Array.from({ length: 8 }, (_, at) => `many-${at}`);
      for (const id of ids) await submit(id, { pieces: 5 });
      for (const id of ids) await isUndisturbed(id, 5);
    });

    it('pauses a running job, and lets it go on to the same result', async () => {
      await submit('paused', { pieces: 150, trouble: staysOnce });
      await running('paused');
      await jobs.control('paused', 'pause');
      await place.until(isState('paused', 'paused'));
      expect(told.some(({ state }) => state === 'done')).toBe(false);
      await jobs.control('paused', 'resume');
      await isUndisturbed('paused', 150);
      expect((await jobs.find('paused'))?.attempt).toBe(2);
    });

    it('keeps a pause over a restart', async () => {
      await submit('kept', { pieces: 150, trouble: staysOnce });
      await running('kept');
      await jobs.control('kept', 'pause');
      await place.until(isState('kept', 'paused'));
      await jobs.close();
      await begin();
      await submit('other', { pieces: 2 });
      await ended('other');
      expect(await jobs.find('kept')).toMatchObject({ state: 'paused' });
      await jobs.control('kept', 'resume');
      await isUndisturbed('kept', 150);
    });

    it('stops a running and a paused job', async () => {
      await submit('running', { pieces: 100_000 });
      await running('running');
      await jobs.control('running', 'stop');
      expect(await ended('running')).toMatchObject({ state: 'stopped', result: null });
      await isTold('running', 'stopped');
      await submit('paused', { pieces: 100_000 });
      await running('paused');
      await jobs.control('paused', 'pause');
      await place.until(isState('paused', 'paused'));
      expect(await jobs.control('paused', 'stop')).toMatchObject({ state: 'stopped' });
      expect(await jobs.control('paused', 'resume')).toMatchObject({ state: 'stopped' });
      expect(await jobs.control('nobody', 'stop')).toBeUndefined();
    });

    it('ends a job that hangs when it is stopped', async () => {
      await submit('hangs', { pieces: 5, trouble: { kind: 'hangs', atPiece: 2, attempts: 99 } });
      await place.until(isState('hangs', 'running'));
      await jobs.control('hangs', 'stop');
      expect(await ended('hangs')).toMatchObject({ state: 'stopped' });
    });

    it('tries again what failed with a chance, and gives the rest up with its reason', async () => {
      await submit('unlucky', { pieces: 5, trouble: { kind: 'fails', atPiece: 2, attempts: 1 } });
      await isUndisturbed('unlucky', 5);
      expect((await jobs.find('unlucky'))?.attempt).toBe(2);
      await submit('poison', { pieces: 5, trouble: { kind: 'fails', atPiece: 2, attempts: 99 } });
      expect(await ended('poison')).toMatchObject({ state: 'failed', reason: 'given up after 3 tries: piece 2 fails' });
      await submit('wrong', { pieces: 5, trouble: { kind: 'refuses', atPiece: 2, attempts: 99 } });
      expect(await ended('wrong')).toMatchObject({ state: 'failed', reason: 'piece 2 refuses', attempt: 1 });
      await submit('nonsense', { pieces: -1 });
      expect((await ended('nonsense')).reason).toContain('a rehearsal has 0 to');
      await jobs.submit({ id: 'unknown', kind: 'nobody-knows', payload: '{}' });
      expect((await ended('unknown')).reason).toContain('nobody here knows jobs of kind nobody-knows');
    });

    it('goes on from the last checkpoint when its worker dies', async () => {
      await submit('orphan', { pieces: 150, trouble: staysOnce });
      await place.until(async () => ((await jobs.find('orphan'))?.parts ?? 0) >= 1);
      await place.killWorkers();
      await isUndisturbed('orphan', 150);
      const attempts = new Set((await jobs.output('orphan', 0, 1_000)).map(({ attempt }) => attempt));
      expect(attempts.size).toBeGreaterThan(1);
    });

    it('takes up after a restart what was running and what waited', async () => {
      await submit('one', { pieces: 600, trouble: staysOnce });
      for (const id of ['two', 'three']) await submit(id, { pieces: 600 });
      await running('one');
      await jobs.close();
      // Where workers outlive the house, the first attempt would stay for ever.
      await place.killWorkers();
      await begin();
      for (const id of ['one', 'two', 'three']) await isUndisturbed(id, 600);
    });
  });
}
