/** Shrinking leaves what is needed for a failure, and nothing else. */
import { expect, test } from 'vitest';
import { drawScript } from '../people/draw-script.ts';
import type { Script } from '../people/script.ts';
import { faultsIn, type Part, partOf, wholeOf } from './part.ts';
import { shrink } from './shrink.ts';
import { partOptions, scriptLeft, shrunkLines } from './told.ts';

const script = drawScript('12', 120_000, true);
const traders = new Set(script.steps.filter(({ deed }) => deed.do === 'trade').map(({ who }) => who));
const someone = [...traders][0] ?? '';

const whole = wholeOf(script);
const failuresOf = (part: Part) => broken(partOf(script, part));

/** Breaks when somebody trades and somebody cancels later, while answers are lost. */
function broken({ steps, faults }: Script): Promise<readonly string[]> {
  const traded = steps.findIndex(({ who, deed }) => who === someone && deed.do === 'trade');
  const cancelled = steps.findLastIndex(({ deed }) => deed.do === 'cancel');
  const fails = traded >= 0 && cancelled > traded && faults.venue.ackLostRatio >= 0;
  return Promise.resolve(fails ? ['I5 one venue order at 3: twice'] : ['C3 stops cancel at once at 1: other']);
}
const isSame = (failure: string) => failure.startsWith('I5');

test('a failure of a whole crowd comes down to the two steps that cause it', async () => {
  expect(script.steps.length).toBeGreaterThan(20);
  const shrunk = await shrink(whole, { failuresOf, isSame, runsMax: 2_000 });
  const { steps, faults } = partOf(script, shrunk!.part);
  expect(steps.map(({ deed }) => deed.do)).toEqual(['trade', 'cancel']);
  expect(shrunk?.part.faults).toEqual([]);
  expect(faultsIn(faults)).toEqual([]);
});

test('the smallest so far counts when the runs are used up', async () => {
  const shrunk = await shrink(whole, { failuresOf, isSame, runsMax: 4 });
  expect(shrunk?.runs).toBe(4);
  expect(shrunk?.part.steps.length).toBeLessThanOrEqual(script.steps.length);
});

test('a script that does not fail is not shrunk', async () => {
  const options = { failuresOf, isSame: () => false, runsMax: 10 };
  expect(await shrink(whole, options)).toBeUndefined();
});

test('what fails only because something was left out is not told', async () => {
  const also = async (part: Part) => [...(await failuresOf(part)), 'expected: a fill; but it never happened'];
  const shrunk = await shrink(whole, { failuresOf: also, isSame, runsMax: 50 });
  expect(shrunk?.failures).toEqual(['I5 one venue order at 3: twice']);
});

test('is told with a line that runs it again', async () => {
  const shrunk = await shrink(whole, { failuresOf, isSame, runsMax: 2_000 });
  const options = partOptions(shrunk!.part);
  expect(options).toBe(`--keep ${shrunk!.part.steps.join(',')} --with -`);
  expect(shrunkLines(shrunk!, scriptLeft(script, shrunk!), `npm run shrink -- --seed 12 ${options}`).at(-1)).toBe(
    `  again: npm run shrink -- --seed 12 ${options}`,
  );
});
