import { describe, expect, it } from 'vitest';
import { NOW, sampleLimits } from '../../controls/testing/sample.ts';
import type { LimitsSet, TradingLimits } from '../../messages/limits.ts';
import { drive } from '../testing/drive.ts';
import { limitsAgent } from './limits.ts';

const get = { type: 'limits.get' } as const;
const wider: TradingLimits = sampleLimits({ quoteAgeMaxMs: 9_000 });
const set = (changes: Partial<LimitsSet> = {}): LimitsSet => ({
  type: 'limits.set',
  limits: wider,
  by: 'admin-1',
  reason: 'wider for the demo',
  ...changes,
});

describe('limits', () => {
  it('are the initial set as version 1 before any change, and asking records nothing', () => {
    const agent = drive(limitsAgent(sampleLimits()));
    expect(agent.tell(get, NOW)).toEqual([
      { type: 'limits.answered', outcome: 'current', version: 1, limits: sampleLimits() },
    ]);
  });

  it('do not change when the agent starts again', () => {
    const agent = drive(limitsAgent(sampleLimits()));
    expect(agent.tell({ type: 'resumed' }, NOW)).toEqual([]);
    expect(agent.tell(get, NOW)).toMatchObject([{ version: 1, limits: sampleLimits() }]);
  });

  it('are changed whole, with a fact that names the person and the reason', () => {
    const agent = drive(limitsAgent(sampleLimits()));
    expect(agent.tell(set({ expectedVersion: 1 }), NOW)).toEqual([
      { type: 'limits.changed', limitsVersion: 2, limits: wider, by: 'admin-1', reason: 'wider for the demo' },
      { type: 'limits.answered', outcome: 'changed', version: 2, limits: wider },
    ]);
    expect(agent.tell(get, NOW)).toMatchObject([{ outcome: 'current', version: 2, limits: wider }]);
  });

  it('are those of whoever set them last, alone in however many steps, and tell what they were before him', () => {
    const agent = drive(limitsAgent(sampleLimits()));
    const authored = () => agent.tell(get, NOW);
    expect(authored()[0]).not.toHaveProperty('authored');
    agent.tell(set(), NOW);
    agent.tell(set({ limits: sampleLimits({ quoteAgeMaxMs: 10_000 }) }), NOW);
    expect(authored()).toMatchObject([{ authored: { by: 'admin-1', before: sampleLimits() } }]);
    agent.tell(set({ by: 'admin-2' }), NOW);
    const before = sampleLimits({ quoteAgeMaxMs: 10_000 });
    expect(authored()).toMatchObject([{ authored: { by: 'admin-2', before } }]);
  });

  it('stay as they are when two persons change the same version', () => {
    const agent = drive(limitsAgent(sampleLimits()));
    agent.tell(set({ expectedVersion: 1 }), NOW);
    const second = agent.tell(set({ expectedVersion: 1, limits: sampleLimits() }), NOW);
    expect(second).toEqual([{ type: 'limits.answered', outcome: 'conflict', version: 2, limits: wider }]);
    expect(agent.tell(get, NOW)).toMatchObject([{ version: 2, limits: wider }]);
  });

  it('start at version 1 when none were configured', () => {
    const agent = drive(limitsAgent(undefined));
    expect(agent.tell(get, NOW)).toMatchObject([{ version: 0, limits: null }]);
    expect(agent.tell(set(), NOW)).toMatchObject([{ limitsVersion: 1 }, { version: 1 }]);
  });
});
