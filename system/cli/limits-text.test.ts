/** Limits as a person reads and changes them. */
import { describe, expect, it } from 'vitest';
import developmentLimits from '../limits.development.json' with { type: 'json' };
import { changesBetween, leavesOf, parseLimits, parseLimitsFile, withLeaf } from './limits-text.ts';
import { CommandFailure } from './outcome.ts';

const LIMITS = parseLimits(developmentLimits.limits);
const dotted = parseLimits({ ...LIMITS, instruments: { 'BRK.B': LIMITS.instruments['class:equity'] } });

describe('one limit', () => {
  it('is found by its path, also where a symbol has a dot', () => {
    expect(leavesOf(dotted).get('instruments.BRK.B.collarRatio')).toBe('0.05');
    const changed = withLeaf(dotted, 'instruments.BRK.B.collarRatio', '0.01');
    expect(changed.instruments['BRK.B']).toEqual({ ...LIMITS.instruments['class:equity'], collarRatio: '0.01' });
  });
  it('keeps its kind: a number stays a number, a decimal stays text', () => {
    expect(withLeaf(LIMITS, 'quoteAgeMaxMs', '2500').quoteAgeMaxMs).toBe(2_500);
    expect(withLeaf(LIMITS, 'accounts.default.exposureMax', '10.50').accounts.default?.exposureMax).toBe('10.50');
  });
  it.each([
    ['quoteAgeMaxMs', 'soon', 'is a number'],
    ['quoteAgeMaxMs', '-5', 'quoteAgeMaxMs: '],
    ['accounts.default.exposureMax', '1e9', 'plain decimal'],
    ['instruments.equity.collarRatio', '0.1', 'there are instruments.class:equity.collarRatio'],
    ['nothing', '1', 'limits show'],
  ])('%s is not set to %s', (path, text, why) => {
    expect(() => withLeaf(LIMITS, path, text)).toThrow(why);
  });
  it('cannot be set while none are configured', () => {
    expect(() => withLeaf(null, 'quoteAgeMaxMs', '1')).toThrow('no limit quoteAgeMaxMs');
  });
});

describe('a file', () => {
  it('holds the set alone, or a version with it', () => {
    expect(parseLimitsFile('f', JSON.stringify(LIMITS))).toEqual({ limits: LIMITS, version: undefined });
    expect(parseLimitsFile('f', JSON.stringify({ version: 7, limits: LIMITS }))).toEqual({
      limits: LIMITS,
      version: 7,
    });
  });
  it.each([['{'], ['null'], ['[]'], [JSON.stringify({ ...LIMITS, orderRat: LIMITS.orderRate })]])(
    'with anything else is bad usage: %#',
    (text) => {
      expect(() => parseLimitsFile('f', text)).toThrow(CommandFailure);
    },
  );
});

describe('a change', () => {
  it('is shown value by value, new and gone ones too', () => {
    expect(changesBetween(LIMITS, withLeaf(LIMITS, 'quoteAgeMaxMs', '1'))).toEqual([
      `quoteAgeMaxMs: ${LIMITS.quoteAgeMaxMs} -> 1`,
    ]);
    expect(changesBetween(LIMITS, dotted)).toContain('instruments.BRK.B.collarRatio: none -> 0.05');
    expect(changesBetween(LIMITS, dotted)).toContain('instruments.class:equity.collarRatio: 0.05 -> none');
    expect(changesBetween(null, LIMITS)).toHaveLength(leavesOf(LIMITS).size);
  });
});
