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
  targets: { nact: 1, xstate: 1 },
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
      target: 1,
      ok: true,
    });
  });

  it('is ahead with less where less is better', () => {
    const bytes = figure({ better: 'lower', unit: 'bytes' });
    expect(compare(bytes, [200], 'xstate', [400])).toMatchObject({ ratio: 2, oursBest: 200, ok: true });
    expect(compare(bytes, [400], 'xstate', [200])).toMatchObject({ ratio: 0.5, ok: false });
  });

  it('has no verdict beside a reference that is only shown', () => {
    expect(compare(figure(), [100], 'comedy', [200])).toMatchObject({ ratio: 0.5 });
    expect(compare(figure(), [100], 'comedy', [200])).not.toHaveProperty('ok');
  });

  it('is missed where ours failed, and has no verdict where there is no reference', () => {
    const failed = compare(figure(), { missing: 'it broke' }, 'nact', [5]);
    expect(failed).toMatchObject({ ours: 'failed', reference: 5, ok: false, note: 'it broke' });
    expect(failed).not.toHaveProperty('ratio');
    const alone = compare(figure(), [5], 'nact', { missing: 'not on this machine' });
    expect(alone).toMatchObject({ ours: 5, reference: 'not measured', target: 1, note: 'not on this machine' });
    expect(alone).not.toHaveProperty('ok');
  });

  it('holds ours to a bound as to any other reference', () => {
    const startUp = figure({ name: 'start-up-fresh', unit: 'ms', better: 'lower', targets: { bound: 1 } });
    const bound = [6_000, 6_000, 6_000];
    expect(compare(startUp, [4_000, 8_000, 4_800], 'bound', bound)).toMatchObject({
      ours: 4_800,
      ratio: 1.25,
      ok: true,
    });
    expect(compare(startUp, [8_000, 6_001, 4_000], 'bound', bound)).toMatchObject({ ok: false });
  });
});

describe('the median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 3])).toBe(4);
  });
});
