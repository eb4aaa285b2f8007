/** How long turns take, for who looks on: a few of them are timed, because to read the clock twice a turn would cost as much as a small turn. */
import { BOUNDS } from './bounds.ts';
import type { Clock } from './ports.ts';

const UNTIMED = -1;

export class TurnTiming {
  /** Hears the agent and the milliseconds of one turn in `BOUNDS.turnsPerTiming`; must not throw. */
  look: ((agent: string, ms: number) => void) | undefined;
  private left: number = BOUNDS.turnsPerTiming;

  /** To be given back at the end of the turn. */
  begin(clock: Clock): number {
    this.left -= 1;
    if (this.left > 0 || !this.look) return UNTIMED;
    this.left = BOUNDS.turnsPerTiming;
    return clock.monotonic();
  }

  end(agent: string, beganAt: number, clock: Clock): void {
    if (beganAt !== UNTIMED) this.look?.(agent, clock.monotonic() - beganAt);
  }
}
