/** The twin holds what the port promises, and its faults are counted and told. */
import { expect, test } from 'vitest';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { describeTickFiles } from './conformance.ts';
import { SimulatedTickFiles } from './simulated.ts';

const named = new Map([['day/nq.txt', Buffer.from('ticks')]]);
const noWait = async (): Promise<void> => undefined;
const open = (withFolder: boolean) =>
  new SimulatedTickFiles(seededRandom('files'), noWait, withFolder ? named : undefined);

describeTickFiles('simulated', async (withFolder) => open(withFolder).connect(() => false));

test('a piece that cannot be kept is told and counted, and the file goes on when the fault is over', async () => {
  const files = open(false);
  const spool = (await files.connect(() => false).spool())!;
  files.setFaults({ errorRatio: 1 });
  await expect(spool.write(Buffer.from('lost'))).rejects.toThrow('simulated: a piece of the file');
  files.setFaults({ errorRatio: 0 });
  await spool.write(Buffer.from('kept'));
  expect([spool.sizeBytes, files.faultCounts['spool-error']]).toEqual([4, 1]);
});

test('a dead process hears nothing any more, and what it was brought is gone', async () => {
  let dead = false;
  const files = open(true).connect(() => dead);
  const spool = (await files.spool())!;
  await spool.write(Buffer.from('kept'));
  const named = await files.open('day/nq.txt');
  if (named.outcome !== 'opened') throw new Error('the file is there');
  const reading = spool.bytes()[Symbol.asyncIterator]();
  expect((await reading.next()).done).toBe(false);
  dead = true;
  const silence = () => new Promise((resolve) => setImmediate(() => resolve('silence')));
  const calls = [
    () => spool.write(Buffer.from('late')),
    () => reading.next(),
    () => spool.bytes()[Symbol.asyncIterator]().next(),
    () => named.file.bytes()[Symbol.asyncIterator]().next(),
    () => spool.close(),
    () => named.file.close(),
  ];
  for (const call of calls) expect(await Promise.race([call().then(() => 'heard'), silence()])).toBe('silence');
  expect(spool.sizeBytes).toBe(4);
});
