import { describe, expect, it } from 'vitest';
import { halted } from './halted.ts';
import { sampleContext, sampleHalt } from './testing/sample.ts';

const byHalt = (changes: Parameters<typeof sampleHalt>[0], ticket = {}) =>
  halted.decide(sampleContext({ ticket }, { halts: [sampleHalt(changes)] }));

describe('halted', () => {
  it('refuses an order under a halt of the system', () => {
    expect(byHalt({ scope: 'system' })).toMatchObject({ code: 'HALTED', class: 'halt', numbers: { stopId: 'stop-1' } });
  });

  it('refuses an order under a halt of its account or its trader', () => {
    expect(byHalt({ scope: 'account', targetId: 'acct-1' })?.code).toBe('HALTED');
    expect(byHalt({ scope: 'agent', targetId: 'agent-1' })?.code).toBe('HALTED');
  });

  it('lets an order pass that only others are halted for', () => {
    expect(byHalt({ scope: 'account', targetId: 'acct-2' })).toBeUndefined();
    expect(byHalt({ scope: 'agent', targetId: 'acct-1' })).toBeUndefined();
  });

  it('lets an exit pass every halt', () => {
    expect(byHalt({ scope: 'system' }, { exit: true })).toBeUndefined();
  });

  it('refuses when it is not known what is halted', () => {
    const { halts: _unknown, ...context } = sampleContext();
    expect(halted.decide(context)?.code).toBe('GATE_UNAVAILABLE');
  });
});
