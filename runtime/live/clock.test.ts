/** The real clock, on a platform whose time a test moves. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LOOK_MS, liveClock } from './clock.ts';

const MINUTE_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a timer', () => {
  const set = (reading: 'market' | 'monotonic', dueMs: number) => {
    const clock = liveClock();
    const fire = vi.fn();
    const now = reading === 'market' ? clock.marketNow() : clock.monotonic();
    return { fire, cancel: clock.at(reading, now + dueMs, fire) };
  };

  it('fires once, at its time', () => {
    const { fire } = set('market', MINUTE_MS);
    vi.advanceTimersByTime(MINUTE_MS - 1);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(MINUTE_MS);
    expect(fire).toHaveBeenCalledTimes(1);
  });

  it('of market time fires within half a second when the clock is put forward over it', () => {
    const { fire } = set('market', MINUTE_MS);
    vi.setSystemTime(Date.now() + 2 * MINUTE_MS);
    vi.advanceTimersByTime(LOOK_MS);
    expect(fire).toHaveBeenCalledTimes(1);
  });

  it('of market time waits for its time when the clock is put back', () => {
    const { fire } = set('market', MINUTE_MS);
    vi.setSystemTime(Date.now() - MINUTE_MS);
    vi.advanceTimersByTime(2 * MINUTE_MS - LOOK_MS);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2 * LOOK_MS);
    expect(fire).toHaveBeenCalledTimes(1);
  });

  it('shows that the clock was put back, to whoever asked to hear of it, within half a second', async () => {
    const clock = liveClock();
    const heard = vi.fn();
    clock.onPutBack!(heard);
    clock.at('market', clock.marketNow() + 10 * MINUTE_MS, vi.fn());
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(heard).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() - MINUTE_MS);
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    expect(heard).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('of the clock that nobody moves does not mind, and one that is cancelled never fires', () => {
    const [{ fire }, market] = [set('monotonic', MINUTE_MS), set('market', MINUTE_MS)];
    market.cancel();
    vi.setSystemTime(Date.now() + 2 * MINUTE_MS);
    vi.advanceTimersByTime(MINUTE_MS - 1);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fire).toHaveBeenCalledTimes(1);
    expect(market.fire).not.toHaveBeenCalled();
  });
});
