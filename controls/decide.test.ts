import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DENIAL_CODES } from '../domain/denial.ts';
import { type TradingLimits, tradingLimits } from '../messages/limits.ts';
import development from '../system/limits.development.json' with { type: 'json' };
import { CONTROLS } from './all.ts';
import { decide } from './decide.ts';
import { describeControls } from './describe.ts';
import { sampleContext, sampleHalt, sampleLimits } from './testing/sample.ts';

const SUPPORT = new Set(['all', 'answer', 'control', 'decide', 'deny', 'describe']);

describe('the list of controls', () => {
  it('holds every control file, each under its own name', () => {
    const files = readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => file.slice(0, -3))
      .filter((name) => !SUPPORT.has(name));
    expect(CONTROLS.map((control) => control.name).sort()).toEqual(files.sort());
  });

  it('names only known codes and is described whole', () => {
    const page = describeControls();
    for (const control of CONTROLS) {
      expect(page).toContain(`## ${control.name}\n\n${control.rule}`);
      for (const code of control.codes) expect(DENIAL_CODES).toContain(code);
    }
  });
});

describe('a gate', () => {
  it('lets an order pass that none of its controls denies', () => {
    for (const gate of ['halt', 'compliance', 'risk'] as const) expect(decide(gate, sampleContext())).toBeUndefined();
  });

  it('answers with the first denial of its own controls', () => {
    const context = sampleContext({ amount: '30000', ticket: { quantity: '1000' } }, { halts: [sampleHalt()] });
    expect(decide('risk', context)?.code).toBe('ORDER_VALUE');
    expect(decide('halt', context)?.code).toBe('HALTED');
  });

  it('asks only for the position when the order is an exit', () => {
    const parts = { ticket: { exit: true, side: 'sell', price: '1' } as const, limits: undefined, quote: undefined };
    const context = sampleContext(parts, { trader: undefined, halts: [sampleHalt()] });
    expect(decide('halt', context)).toBeUndefined();
    expect(decide('compliance', context)).toBeUndefined();
    expect(decide('risk', context)?.code).toBe('NOT_AN_EXIT');
  });

  it("takes a symbol's own limits before those of its asset class", () => {
    const classLimits = sampleLimits().instruments['class:equity']!;
    const instruments = { 'class:equity': classLimits, AAPL: { ...classLimits, orderVolumeMax: '99' } };
    const limits = sampleLimits({ instruments });
    expect(decide('risk', sampleContext({ limits }))?.code).toBe('ORDER_VOLUME');
    expect(decide('risk', sampleContext({ limits, ticket: { symbol: 'MSFT' } }))).toBeUndefined();
  });
});

it("takes a series' limits for its dated contracts, which may have their own", () => {
  const wide = sampleLimits().instruments['class:equity']!;
  const narrow = { ...wide, orderVolumeMax: '99' };
  const codeOf = (instruments: TradingLimits['instruments']) =>
    decide('risk', sampleContext({ limits: sampleLimits({ instruments }), ticket: { symbol: 'NQZ5' } }))?.code;
  expect(codeOf({ 'class:future': wide })).toBeUndefined();
  expect(codeOf({ 'class:future': wide, NQ: narrow })).toBe('ORDER_VOLUME');
  expect(codeOf({ 'class:future': wide, NQ: narrow, NQZ5: wide })).toBeUndefined();
  expect(codeOf({ 'class:future': wide, MNQ: narrow })).toBeUndefined();
});

describe('the limits of the development profile', () => {
  const limits = tradingLimits.parse(development.limits);

  it('are a complete set for every asset class and account', () => {
    expect(Object.keys(limits.instruments).sort()).toEqual(
      ['crypto', 'equity', 'future', 'fx', 'metal'].map((name) => `class:${name}`),
    );
    expect(limits.accounts).toHaveProperty('default');
  });

  it("let the creto contract's own orders pass", () => {
    const quote = { bid: '149.24', ask: '149.26', last: '149.25', at: sampleContext().at };
    const apple = { ticket: { price: '150' }, amount: '15000', quote, limits };
    expect(decide('risk', sampleContext(apple))).toBeUndefined();
    const nvidia = { ticket: { symbol: 'NVDA', quantity: '500', price: '500' }, amount: '250000', limits };
    const near = { bid: '497.4', ask: '497.6', last: '497.5', at: quote.at };
    expect(decide('risk', sampleContext({ ...nvidia, quote: near }))).toBeUndefined();
  });
});
