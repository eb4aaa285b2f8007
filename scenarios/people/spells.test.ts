import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { drawScript } from './draw-script.ts';
import { Spells } from './spells.ts';

const MINUTE_MS = 60_000;

describe('when people are at work', () => {
  it('is always in a short world', () => {
    const spells = new Spells(seededRandom('s'), 15 * MINUTE_MS);
    expect(spells.workMs).toBe(15 * MINUTE_MS);
    expect(spells.at(7 * MINUTE_MS + 5)).toBe(7 * MINUTE_MS + 5);
  });

  it('is three minutes of each half hour in a long one, in the order of the work', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const virtualMs = 100 * MINUTE_MS;
      const spells = new Spells(seededRandom(String(seed)), virtualMs);
      expect(spells.workMs).toBe(12 * MINUTE_MS);
      let before = -1;
      for (let work = 0; work < spells.workMs; work += MINUTE_MS / 2) {
        const at = spells.at(work);
        expect(at).toBeGreaterThan(before);
        expect(Math.floor(at / (30 * MINUTE_MS))).toBe(Math.floor(work / (3 * MINUTE_MS)));
        expect(at).toBeLessThan(virtualMs);
        before = at;
      }
    }
  });

  it('ends with the world', () => {
    for (let minutes = 16; minutes < 125; minutes += 1) {
      const spells = new Spells(seededRandom(String(minutes)), minutes * MINUTE_MS);
      expect(spells.at(spells.workMs - 1)).toBeLessThan(minutes * MINUTE_MS);
    }
  });

  it('leaves every step of a drawn world inside it, and lulls between them', () => {
    const virtualMs = 180 * MINUTE_MS;
    const { steps } = drawScript('7', virtualMs, true);
    const halfHours = new Set(steps.map(({ atMs }) => Math.floor(atMs / (30 * MINUTE_MS))));
    expect([...halfHours]).toEqual([0, 1, 2, 3, 4, 5]);
    const pauses = steps.slice(1).map(({ atMs }, index) => atMs - steps[index]!.atMs);
    expect(Math.max(...pauses)).toBeGreaterThan(10 * MINUTE_MS);
    expect(steps.every(({ atMs }) => atMs < virtualMs)).toBe(true);
  });
});
