import { describe, expect, it } from 'vitest';
import type { UsageMeter } from '../../messages/quota.ts';
import { stage } from '../testing/stage.ts';
import { meteringAgent } from './metering.ts';

const HOUR = Date.UTC(2026, 0, 5, 12);
const meter = (apiCalls: number, computeMs: number, traderId = 'agent-1'): UsageMeter => ({
  type: 'usage.meter',
  traderId,
  apiCalls,
  computeMs,
});

describe('what is metered', () => {
  it('is recorded once a minute, summed', () => {
    const metering = stage(meteringAgent(), HOUR);
    expect(metering.tell(meter(1, 5))).toEqual([]);
    metering.advance(30_000);
    metering.tell(meter(2, 7));
    expect(metering.advance(29_999)).toEqual([]);
    expect(metering.advance(1)).toEqual([
      { type: 'usage.metered', traderId: 'agent-1', hour: HOUR, apiCalls: 3, computeMs: 12 },
    ]);
  });

  it('leaves nothing behind until it is metered again', () => {
    const metering = stage(meteringAgent(), HOUR);
    metering.tell(meter(1, 5));
    metering.advance(60_000);
    expect(metering.entities()).toEqual([]);
    expect(metering.advance(600_000)).toEqual([]);
    metering.tell(meter(1, 5));
    expect(metering.advance(60_000)).toHaveLength(1);
  });

  it('belongs to the hour in which it was counted', () => {
    const metering = stage(meteringAgent(), HOUR + 3_599_000);
    metering.tell(meter(1, 1));
    metering.advance(1_000);
    const said = [...metering.tell(meter(4, 4)), ...metering.advance(60_000)];
    expect(said).toMatchObject([
      { hour: HOUR, apiCalls: 1 },
      { hour: HOUR + 3_600_000, apiCalls: 4 },
    ]);
  });

  it('is kept apart by trader', () => {
    const metering = stage(meteringAgent(), HOUR);
    metering.tell(meter(1, 1));
    metering.tell(meter(2, 2, 'agent-2'));
    expect(metering.advance(60_000)).toMatchObject([{ traderId: 'agent-1' }, { traderId: 'agent-2', apiCalls: 2 }]);
  });

  it('that is nothing is not recorded', () => {
    const metering = stage(meteringAgent(), HOUR);
    metering.tell(meter(0, 0));
    expect(metering.advance(60_000)).toEqual([]);
  });
});
