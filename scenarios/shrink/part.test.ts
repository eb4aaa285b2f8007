/** A part of a script is that script with less in it. */
import { expect, test } from 'vitest';
import { drawScript } from '../people/draw-script.ts';
import { everyTime, faultsIn, partOf, wholeOf } from './part.ts';

const script = drawScript('7', 60_000, true);

test('the whole is the script itself, but for the time after its last step', () => {
  const whole = partOf(script, wholeOf(script));
  expect(whole.steps).toEqual(script.steps);
  expect(whole.faults).toEqual(script.faults);
});

test('keeps the steps and faults that are named', () => {
  const [first = ''] = faultsIn(script.faults);
  const part = partOf(script, { steps: [1, 4], faults: [first] });
  expect(part.steps).toEqual([script.steps[1], script.steps[4]]);
  expect(faultsIn(part.faults)).toEqual([first]);
});

test('lasts until a little after its last step', () => {
  const part = partOf(script, { steps: [0], faults: [] });
  expect(part.virtualMs).toBe(Math.min(script.virtualMs, script.steps[0]!.atMs + 30_000));
});

test('a fault can be made to happen every time', () => {
  const kinds = everyTime(['venue.dropRatio', 'venue.latencyMaxMs'], 'venue.dropRatio') ?? [];
  expect(partOf(script, { steps: [], faults: kinds }).faults.venue.dropRatio).toBe(1);
  expect(everyTime(['venue.latencyMaxMs'], 'venue.latencyMaxMs')).toBeUndefined();
});

test('the same seed gives the same script, another seed another', () => {
  expect(drawScript('7', 60_000, true)).toEqual(script);
  expect(drawScript('8', 60_000, true)).not.toEqual(script);
});
