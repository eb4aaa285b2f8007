/**
 * Later reports of the venue's process, kept for clients that ask for them. Bounded: who asks too late is told so and looks his
 * orders up. Nothing is told twice to who says what he has.
 */
import { randomUUID } from 'node:crypto';
import type { VenueReport } from '../../../agents/venue.ts';

const KEPT_MAX = 10_000;
const PAGE_MAX = 1_000;

export interface EventPage {
  readonly life: string;
  readonly last: number;
  readonly complete: boolean;
  readonly reports: readonly VenueReport[];
}

export interface EventLog {
  append(report: VenueReport): void;
  /** Resolves at once when there is something behind `after`, else with the next report or after `waitMs`. */
  after(life: string, after: number, waitMs: number): Promise<EventPage>;
  /** Answers everybody who waits. */
  close(): void;
}

export function openEventLog(): EventLog {
  const life = randomUUID();
  const kept: VenueReport[] = [];
  /** Number of the first one kept; they count from 1. */
  let first = 1;
  const waiting = new Set<() => void>();

  function page(after: number, complete: boolean): EventPage {
    const from = Math.max(0, after - first + 1);
    const reports = kept.slice(from, from + PAGE_MAX);
    return { life, last: first + from + reports.length - 1, complete: complete && after + 1 >= first, reports };
  }

  const wake = (): void => {
    for (const resolve of [...waiting]) resolve();
  };

  return {
    append(report) {
      kept.push(report);
      if (kept.length > KEPT_MAX) {
        kept.shift();
        first += 1;
      }
      wake();
    },
    async after(theirLife, after, waitMs) {
      // Another life's numbers mean nothing here: begin behind what this life has told so far.
      if (theirLife !== life) return { life, last: first + kept.length - 1, complete: false, reports: [] };
      if (after < first + kept.length - 1) return page(after, true);
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, waitMs);
        waiting.add(done);
      });
      return page(after, true);
    },
    close: wake,
  };
}
