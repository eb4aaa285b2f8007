/** The simulated twin keeps the port's promises, under the simulated clock and with workers that die. */
import { expect, it } from 'vitest';
import { JOB_BOUNDS } from '../bounds.ts';
import { hasEnded, type JobStatus, JobsUnavailable } from '../jobs.ts';
import { SimulatedClock } from '../simulated/clock.ts';
import { simulatedLanes } from '../simulated/job-lanes.ts';
import { MemoryJobRows } from '../simulated/job-rows.ts';
import { silentLog } from '../simulated/log.ts';
import { seededRandom } from '../simulated/random.ts';
import { jobsConformance } from './conformance.ts';
import { LocalJobs } from './local.ts';
import { rehearsal } from './rehearsal.ts';
import type { LaneRun, OpenLane } from './run.ts';

const SOON_MS = 3_600_000;

function world(seed: string, deathRatio = 0, lanes = 2) {
  const clock = new SimulatedClock(1_000_000);
  const rows = new MemoryJobRows();
  const alive = new Set<LaneRun>();
  const simulated = simulatedLanes({
    ...{ kinds: [rehearsal], clock, random: seededRandom(seed), pace: () => ({ sliceMs: 2, deathRatio }) },
  });
  const lane: OpenLane = (work, words) => {
    const run = simulated(work, words);
    alive.add(run);
    void run.ended.then(() => alive.delete(run));
    return run;
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await undefined;
  };
  return {
    clock,
    rows,
    open: async () =>
      new LocalJobs({
        ...{
          kind: 'simulated',
          lanes,
          rows,
          kinds: [rehearsal],
          lane,
          clock,
          random: seededRandom(seed),
          log: silentLog,
        },
        call: async () => undefined,
      }),
    async killWorkers() {
      for (const run of alive) run.kill();
      await settle();
    },
    async until(what: () => boolean | Promise<boolean>) {
      const end = clock.monotonic() + SOON_MS;
      await settle();
      while (!(await what())) {
        if (!clock.step(end)) throw new Error('it never happened');
        await settle();
      }
    },
    rounds: 0,
    close: async () => undefined,
  };
}

jobsConformance('the simulated twin', async () => {
  const place = world('calm');
  // Closing waits for jobs, which wait for the clock.
  const open = async () => {
    const jobs = await place.open();
    const close = jobs.close.bind(jobs);
    jobs.close = async () => {
      let isClosed = false;
      void close().then(() => {
        isClosed = true;
      });
      await place.until(() => isClosed);
    };
    return jobs;
  };
  return { ...place, open };
});

async function history(seed: string): Promise<{ readonly told: readonly JobStatus[]; readonly output: string }> {
  const place = world(seed, 0.0005);
  const jobs = await place.open();
  const told: JobStatus[] = [];
  jobs.listen((status) => told.push(status));
  await jobs.start();
  const payload = JSON.stringify({ pieces: 2_000, rounds: 0 });
  for (const id of ['a', 'b', 'c']) await jobs.submit({ id, kind: 'rehearsal', payload });
  await place.until(() => told.filter(({ state }) => state === 'done' || state === 'failed').length === 3);
  const parts = await jobs.output('a', 0, 1_000);
  return { told, output: parts.map(({ output }) => output).join('') };
}

it('gives the same output whenever and however often workers die', async () => {
  let deaths = 0;
  const outputs = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) {
    const { told, output } = await history(String(seed));
    deaths += told.filter(({ state, attempt }) => state === 'waiting' && attempt > 0).length;
    if (told.findLast(({ id }) => id === 'a')!.state === 'done') outputs.add(output);
  }
  expect(deaths).toBeGreaterThan(10);
  expect(outputs.size).toBe(1);
});

it('goes the same way with the same seed', async () => {
  expect(await history('7')).toEqual(await history('7'));
});

it('refuses more than it can hold, and says that it may be asked again', async () => {
  const place = world('full', 0, 1);
  const jobs = await place.open();
  await jobs.start();
  const submit = (id: string) => jobs.submit({ id, kind: 'rehearsal', payload: '{"pieces":9,"rounds":0}' });
  for (let at = 0; at < JOB_BOUNDS.waiting; at += 1) await submit(`job-${at}`);
  await place.until(() => jobs.health().open.running === 1);
  await submit('one-more');
  await expect(submit('too-many')).rejects.toThrow(JobsUnavailable);
  expect(await jobs.find('too-many')).toBeUndefined();
});

it('waits for rows that are away, and loses nothing', async () => {
  const place = world('away');
  const finish = place.rows.finish.bind(place.rows);
  let failures = 3;
  place.rows.finish = async (...of) => {
    failures -= 1;
    if (failures >= 0) throw new Error('the database is away');
    return finish(...of);
  };
  const jobs = await place.open();
  await jobs.start();
  await jobs.submit({ id: 'patient', kind: 'rehearsal', payload: '{"pieces":3,"rounds":0}' });
  await place.until(async () => (await jobs.find('patient'))?.state === 'done');
  expect(failures).toBe(-1);
});

it('runs a job whose claim has landed although its answer was lost', async () => {
  const place = world('deaf');
  const claim = place.rows.claim.bind(place.rows);
  let lost = 0;
  place.rows.claim = async (...of) => {
    const claimed = await claim(...of);
    if (lost === 2) return claimed;
    lost += 1;
    throw new Error('the database is away');
  };
  const jobs = await place.open();
  await jobs.start();
  await jobs.submit({ id: 'claimed', kind: 'rehearsal', payload: '{"pieces":3,"rounds":0}' });
  await place.until(async () => (await jobs.find('claimed'))?.state === 'done');
  expect([lost, (await jobs.find('claimed'))?.attempt]).toEqual([2, 1]);
});

it('saves again what was not saved, once, and tries nothing anew for it', async () => {
  const place = world('lossy');
  const save = place.rows.save.bind(place.rows);
  let failures = 0;
  place.rows.save = async (...of) => {
    failures += 1;
    if (failures % 3 === 1) throw new Error('the database is away');
    const wanted = await save(...of);
    if (failures % 3 === 2) throw new Error('the answer was lost');
    return wanted;
  };
  const jobs = await place.open();
  await jobs.start();
  await jobs.submit({ id: 'saved', kind: 'rehearsal', payload: '{"pieces":2000,"rounds":0}' });
  await place.until(async () => (await jobs.find('saved'))?.state === 'done');
  expect(await place.rows.find('saved')).toMatchObject({ attempt: 1, tries: 0 });
  const lines = (await jobs.output('saved', 0, 1_000)).map(({ output }) => output).join('');
  expect([failures > 5, lines.trimEnd().split('\n').length]).toEqual([true, 2_000]);
});

it('runs a job that is to go on while the answer to its pause is still on its way', async () => {
  const place = world('quick');
  const release = place.rows.release.bind(place.rows);
  let arrive = (): void => undefined;
  place.rows.release = async (...of) => {
    const row = await release(...of);
    await new Promise<void>((resolve) => {
      arrive = resolve;
    });
    return row;
  };
  const jobs = await place.open();
  await jobs.start();
  await jobs.submit({ id: 'paused', kind: 'rehearsal', payload: '{"pieces":500,"rounds":0}' });
  await place.until(() => jobs.health().open.running === 1);
  await jobs.control('paused', 'pause');
  await place.until(async () => (await place.rows.find('paused'))?.state === 'paused');
  expect(await jobs.control('paused', 'resume')).toMatchObject({ state: 'waiting' });
  arrive();
  await place.until(async () => (await jobs.find('paused'))?.state === 'done');
});

it('is asked again with the same id when nobody could say whether a job was taken', async () => {
  const place = world('unsure');
  const find = place.rows.find.bind(place.rows);
  let failures = 1;
  place.rows.find = async (id) => {
    failures -= 1;
    if (failures >= 0) throw new Error('the database is away');
    return find(id);
  };
  const jobs = await place.open();
  await jobs.start();
  const order = { id: 'once', kind: 'rehearsal', payload: '{"pieces":3,"rounds":0}' };
  await expect(jobs.submit(order)).rejects.toThrow(JobsUnavailable);
  expect(await jobs.find('once')).toMatchObject({ state: 'waiting' });
  await jobs.submit(order);
  await place.until(async () => (await jobs.find('once'))?.state === 'done');
  expect((await place.rows.open()).length).toBe(0);
});

it('ends a worker whose job was taken over by another', async () => {
  const place = world('stale');
  const jobs = await place.open();
  await jobs.start();
  await jobs.submit({ id: 'contended', kind: 'rehearsal', payload: '{"pieces":5000,"rounds":0}' });
  await place.until(() => jobs.health().open.running === 1);
  await place.rows.claim('contended', true, 1);
  await place.rows.save('contended', 2, {
    progressRatio: 0.5,
    state: '[2500,1]',
    further: true,
    output: 'ours',
    part: 1,
  });
  place.clock.step(place.clock.monotonic() + 10);
  await place.until(() => place.clock.monotonic() > 1_020_000 || place.clock.nextDue() === undefined);
  expect(await jobs.output('contended', 0, 10)).toEqual([{ part: 1, attempt: 2, output: 'ours' }]);
  expect(await jobs.find('contended')).toMatchObject({ state: 'running', attempt: 2 });
});

it('is done in the end however often its workers die, as long as it gets further now and then', async () => {
  const place = world('long');
  const jobs = await place.open();
  let deaths = 0;
  const die = async (parts: number) => {
    await place.until(async () => {
      const row = await place.rows.find('long');
      return row?.state === 'running' && row.attempt === deaths + 1 && row.parts >= parts;
    });
    await place.killWorkers();
    deaths += 1;
  };
  await jobs.start();
  await jobs.submit({ id: 'long', kind: 'rehearsal', payload: '{"pieces":4000,"rounds":0}' });
  for (let parts = 1; parts <= 3; parts += 1) {
    for (let quick = 2; quick < rehearsal.triesMax; quick += 1) await die(0);
    await die(parts);
  }
  await place.until(async () => hasEnded((await jobs.find('long'))!.state));
  expect(await jobs.find('long')).toMatchObject({ state: 'done', attempt: 3 * (rehearsal.triesMax - 1) + 1 });
});
