/** What every memory of jobs keeps, whatever it is made of. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobOrder } from '../jobs.ts';
import { CLAIM_MARK_MAX, type JobRows, StaleAttempt } from './rows.ts';

export interface OpenedRows {
  readonly rows: JobRows;
  close(): Promise<void>;
}

export function rowsConformance(name: string, open: () => Promise<OpenedRows>): void {
  describe(`jobs' rows in ${name}`, () => {
    let opened: OpenedRows;
    let rows: JobRows;
    beforeAll(async () => {
      opened = await open();
      rows = opened.rows;
    });
    afterAll(() => opened.close());

    let count = 0;
    const order = (more: Partial<JobOrder> = {}): JobOrder => {
      count += 1;
      return { id: `job-${count}`, kind: 'rehearsal', payload: '{"pieces":3}', ...more };
    };
    const added = async (more: Partial<JobOrder> = {}): Promise<string> => {
      const job = order(more);
      await rows.add(job);
      return job.id;
    };
    let marks = 0;
    const claim = (id: string, takeOver: boolean) => {
      marks += 1;
      // Far enough from each other that no attempt talks itself up to the mark of the next.
      return rows.claim(id, takeOver, CLAIM_MARK_MAX - 100 * marks);
    };
    const claimed = async (): Promise<string> => {
      const id = await added();
      await claim(id, false);
      return id;
    };
    const save = (part: number, output = `part ${part}`, state = `state ${part}`) => ({
      ...{ progressRatio: part / 10, state, further: true, output, part },
    });

    it('begin as waiting, and the same id twice is one job', async () => {
      const job = order();
      await rows.add(job);
      await rows.add({ ...job, payload: '{"other":1}' });
      expect(await rows.find(job.id)).toEqual({
        ...{ id: job.id, kind: 'rehearsal', state: 'waiting' },
        ...{ wanted: 'run', attempt: 0, tries: 0, beat: 0, progressRatio: 0, parts: 0, result: null, reason: null },
      });
      expect(await claim(job.id, false)).toMatchObject({ payload: '{"pieces":3}' });
      expect(await rows.find('nobody')).toBeUndefined();
    });

    it('are claimed once, unless somebody takes over', async () => {
      const id = await added();
      expect(await claim(id, false)).toMatchObject({ state: 'running', attempt: 1, tries: 0, checkpoint: null });
      expect(await claim(id, false)).toBeUndefined();
      expect(await claim(id, true)).toMatchObject({ attempt: 2, tries: 1, reason: 'the worker died' });
      expect(await claim('nobody', true)).toBeUndefined();
    });

    it('answer a claim whose answer was lost once more, until its attempt has said something', async () => {
      const id = await added();
      const claims = [await rows.claim(id, false, 7), await rows.claim(id, false, 7), await rows.claim(id, true, 7)];
      for (const again of claims) expect(again).toEqual({ ...claims[0], attempt: 1, tries: 0, reason: null });
      expect(await rows.claim(id, false, 8)).toBeUndefined();
      await rows.beat(id, 1, 0);
      expect(await rows.claim(id, false, 7)).toBeUndefined();
      expect(await rows.claim(id, true, 9)).toMatchObject({ attempt: 2, tries: 1 });
      expect(await rows.claim(id, true, 9)).toMatchObject({ attempt: 2, tries: 1 });
    });

    it('give the next attempt the checkpoint of the last', async () => {
      const id = await claimed();
      await rows.save(id, 1, save(1));
      await rows.save(id, 1, save(2, '', 'further'));
      const next = await claim(id, true);
      expect(next).toMatchObject({ attempt: 2, checkpoint: 'further', parts: 1, progressRatio: 0.2 });
      expect(await rows.parts(id, 0, 10)).toEqual([{ part: 1, attempt: 1, output: 'part 1' }]);
    });

    it('take nothing from an attempt that was followed by another', async () => {
      const id = await claimed();
      await claim(id, true);
      const stale = [
        () => rows.save(id, 1, save(1)),
        () => rows.beat(id, 1, 0.5),
        () => rows.release(id, 1, { how: 'left' }),
        () => rows.finish(id, 1, { state: 'done', result: '1' }),
      ];
      for (const write of stale) await expect(write()).rejects.toThrow(StaleAttempt);
      expect(await rows.find(id)).toMatchObject({ attempt: 2, state: 'running', parts: 0, progressRatio: 0 });
      expect(await rows.parts(id, 0, 10)).toEqual([]);
    });

    it('save a part once, though it was told twice', async () => {
      const id = await claimed();
      await rows.save(id, 1, save(1));
      await rows.save(id, 1, save(1));
      await rows.save(id, 1, save(2));
      expect((await rows.parts(id, 0, 10)).map(({ part }) => part)).toEqual([1, 2]);
      expect((await rows.parts(id, 1, 10)).map(({ part }) => part)).toEqual([2]);
      expect((await rows.parts(id, 0, 1)).map(({ part }) => part)).toEqual([1]);
    });

    it('show signs of life, and tell in return what is wanted', async () => {
      const id = await claimed();
      const before = (await rows.find(id))!.beat;
      expect(await rows.beat(id, 1, 0.25)).toBe('run');
      expect((await rows.find(id))!.beat).toBeGreaterThan(before);
      await rows.want(id, 'pause');
      expect(await rows.beat(id, 1, 0.5)).toBe('pause');
      expect(await rows.save(id, 1, save(1))).toBe('pause');
    });

    it('pause and stop at once what nobody runs, and leave the rest to the runner', async () => {
      const id = await added();
      expect(await rows.want(id, 'pause')).toMatchObject({ state: 'paused' });
      expect(await claim(id, true)).toBeUndefined();
      expect(await rows.want(id, 'run')).toMatchObject({ state: 'waiting' });
      await claim(id, false);
      expect(await rows.want(id, 'stop')).toMatchObject({ state: 'running', wanted: 'stop' });
      for (const late of ['pause', 'run'] as const)
        expect(await rows.want(id, late)).toMatchObject({ state: 'running', wanted: 'stop' });
      expect(await rows.release(id, 1, { how: 'left' })).toMatchObject({ state: 'stopped' });
      expect(await rows.want(id, 'run')).toMatchObject({ state: 'stopped' });
      expect(await rows.want('nobody', 'run')).toBeUndefined();
    });

    it('let a paused job go on from where it was', async () => {
      const id = await claimed();
      await rows.save(id, 1, save(1));
      await rows.want(id, 'pause');
      expect(await rows.release(id, 1, { how: 'paused' })).toMatchObject({ state: 'paused', tries: 0 });
      await rows.want(id, 'run');
      expect(await claim(id, false)).toMatchObject({ attempt: 2, checkpoint: 'state 1', tries: 0 });
    });

    it('count failing tries, and keep the reason', async () => {
      const id = await claimed();
      expect(await rows.release(id, 1, { how: 'failing', reason: 'no luck' })).toMatchObject({
        ...{ state: 'waiting', tries: 1, reason: 'no luck' },
      });
    });

    it('count tries anew for a job that gets further, and only for that', async () => {
      const id = await claimed();
      await rows.save(id, 1, save(1));
      for (let attempt = 2; attempt < 5; attempt += 1) {
        expect(await claim(id, true)).toMatchObject({ attempt, tries: attempt - 1 });
        await rows.save(id, attempt, { ...save(2), further: false });
      }
      await rows.save(id, 4, save(2));
      expect(await rows.find(id)).toMatchObject({ tries: 0 });
      expect(await claim(id, true)).toMatchObject({ attempt: 5, tries: 1 });
    });

    it('end for good, with a result or a reason', async () => {
      const done = await claimed();
      expect(await rows.finish(done, 1, { state: 'done', result: '{"a":1}' })).toMatchObject({
        ...{ state: 'done', result: '{"a":1}', progressRatio: 1, reason: null },
      });
      await expect(rows.finish(done, 1, { state: 'stopped' })).rejects.toThrow(StaleAttempt);
      expect(await claim(done, true)).toBeUndefined();
      const failed = await claimed();
      expect(await rows.finish(failed, 1, { state: 'failed', reason: 'broken' })).toMatchObject({
        ...{ state: 'failed', reason: 'broken', result: null },
      });
    });

    it('are removed with their output once they have ended, and not before', async () => {
      const id = await claimed();
      await rows.save(id, 1, save(1));
      await rows.remove(id);
      expect(await rows.find(id)).toMatchObject({ state: 'running', parts: 1 });
      await rows.finish(id, 1, { state: 'done', result: '1' });
      await rows.remove(id);
      await rows.remove(id);
      expect([await rows.find(id), await rows.parts(id, 0, 10)]).toEqual([undefined, []]);
      await rows.add({ id, kind: 'rehearsal', payload: '{"pieces":3}' });
      expect(await rows.find(id)).toMatchObject({ state: 'waiting', attempt: 0, parts: 0 });
      await rows.want(id, 'stop');
    });

    it('list what has not ended, oldest first', async () => {
      const ids = [await added(), await added(), await claimed()];
      const ended = await claimed();
      await rows.finish(ended, 1, { state: 'stopped' });
      const open = (await rows.open()).map(({ id }) => id);
      expect(open.filter((id) => ids.includes(id))).toEqual(ids);
      expect(open).not.toContain(ended);
    });
  });
}
