/** Figures are compared round by round, and what was not measured is never made up. */
import { describe, expect, it } from 'vitest';
import type { Figure } from './figures.ts';
import { median } from './measure.ts';
import { compare, type Sampler, sampleRounds } from './rounds.ts';

const figure = (over: Partial<Figure> = {}): Figure => ({
  name: 'pingpong',
  unit: 'messages/s',
  better: 'higher',
  rounds: 3,
  peers: [],
  target: { ratio: 1 },
  ...over,
});

describe('rounds', () => {
  it('measure every side once a round, another one first each time', async () => {
    const order: string[] = [];
    const side = (name: string): [string, Sampler] => [name, async () => order.push(name)];
    const samples = await sampleRounds(3, new Map([side('a'), side('b'), side('c')]));
    expect(order.join('')).toBe('abcbcacab');
    expect(samples.get('a')).toEqual([1, 6, 8]);
  });

  it('say of a side that fails or does not exist why it is missing, and go on with the others', async () => {
    const samples = await sampleRounds(
      2,
      new Map<string, Sampler>([
        ['absent', async () => undefined],
        ['broken', () => Promise.reject(new Error('no server'))],
        ['well', async () => 7],
      ]),
    );
    expect(Object.fromEntries(samples)).toEqual({
      absent: { missing: 'there is no such side yet' },
      broken: { missing: 'no server' },
      well: [7, 7],
    });
  });
});

describe('a line', () => {
  it('is the median of the ratios of the rounds, whatever else the machine did in one of them', () => {
    expect(compare(figure(), [100, 10, 120], 'nact', [50, 5, 100])).toEqual({
      figure: 'pingpong',
      unit: 'messages/s',
      ours: 100,
      oursBest: 120,
      reference: 50,
      referenceBest: 100,
      referenceName: 'nact',
      ratio: 2,
      target: 'ratio at least 1',
      ok: true,
    });
  });

  it('is ahead with less where less is better', () => {
    const bytes = figure({ better: 'lower', unit: 'bytes' });
    expect(compare(bytes, [200], 'xstate', [400])).toMatchObject({ ratio: 2, oursBest: 200, ok: true });
    expect(compare(bytes, [400], 'xstate', [200])).toMatchObject({ ratio: 0.5, ok: false });
  });

  it('gives no verdict on what was not measured', () => {
    const line = compare(figure(), { missing: 'there is no such side yet' }, 'nact', [5]);
    expect(line).toMatchObject({ ours: 'not measured', reference: 5, note: 'there is no such side yet' });
    expect(line).not.toHaveProperty('ok');
    expect(line).not.toHaveProperty('ratio');
  });

  it('is held to its bound where there is no reference', () => {
    const startUp = figure({ name: 'start-up', unit: 'ms', better: 'lower', target: { bound: 5_000 } });
    expect(compare(startUp, [4_000, 6_000, 4_500], 'none', [])).toMatchObject({
      ours: 4_500,
      ok: true,
      reference: 'not measured',
    });
    expect(compare(startUp, [6_000], 'none', [])).toMatchObject({ ok: false });
    expect(compare(startUp, { missing: 'no build' }, 'none', [])).not.toHaveProperty('ok');
  });
});

describe('the median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 3])).toBe(4);
  });
});
