/**
 * A journal port that fails by seeded rates, around any other: commits refused, lost or landed without an acknowledgement, slow ones,
 * and whole outages. What a fault leaves behind is always what a real database could leave behind.
 */
import type { Clock, Random } from '../ports.ts';
import {
  CommitError,
  type DueRows,
  type EntityRow,
  type Group,
  type Head,
  type Sleeping,
  type Store,
  type StoredRecord,
  type StoredState,
} from '../store.ts';

/** Probabilities a call, and how long things take at most. Everything left out never happens. */
export interface FaultRates {
  readonly commitError?: number;
  /** Half of these land. */
  readonly commitUnknown?: number;
  readonly slow?: number;
  readonly slowMaxMs?: number;
  /** An outage begins: every call is refused until it ends. */
  readonly outage?: number;
  readonly outageMaxMs?: number;
  /** Groups that the database refuses for their data. */
  readonly refuses?: (group: Group) => boolean;
}

export type StoreFault = 'error' | 'landed' | 'not landed' | 'slow' | 'outage' | 'data';

export class FaultyStore implements Store {
  readonly counts = new Map<StoreFault, number>();
  private awayUntil = Number.NEGATIVE_INFINITY;
  private healed = false;

  constructor(
    private readonly inner: Store,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly rates: FaultRates,
  ) {}

  /** No fault begins any more; an outage ends now. */
  heal(): void {
    this.healed = true;
    this.awayUntil = Number.NEGATIVE_INFINITY;
  }

  /** Away for this long from now on. */
  goAway(ms: number): void {
    this.awayUntil = this.clock.monotonic() + ms;
  }

  open(world: string): Promise<Head> {
    return this.inner.open(world);
  }

  async takeEpoch(): Promise<Head> {
    this.reach();
    return this.inner.takeEpoch();
  }

  async commit(group: Group): Promise<void> {
    this.reach();
    const { rates } = this;
    if (rates.refuses?.(group)) {
      this.count('data');
      throw new CommitError('data', 'the database refuses a value');
    }
    if (this.happens(rates.slow)) {
      this.count('slow');
      await this.wait(this.random.next() * (rates.slowMaxMs ?? 0));
      this.reach();
    }
    if (this.happens(rates.commitError)) {
      this.count('error');
      throw new CommitError('certain', 'the commit was refused');
    }
    if (this.happens(rates.commitUnknown)) {
      const lands = this.random.next() < 0.5;
      this.count(lands ? 'landed' : 'not landed');
      if (lands) await this.inner.commit(group);
      throw new CommitError('unknown', 'the acknowledgement was lost');
    }
    await this.inner.commit(group);
  }

  async load(agent?: string, sleeping?: readonly Sleeping[]): Promise<StoredState> {
    this.reach();
    return this.inner.load(agent, sleeping);
  }

  async find(agent: string, entities: readonly string[]): Promise<readonly EntityRow[]> {
    this.reach();
    return this.inner.find(agent, entities);
  }

  async due(rows: DueRows): Promise<readonly EntityRow[]> {
    this.reach();
    return this.inner.due(rows);
  }

  async records(after: number, limit: number): Promise<readonly StoredRecord[]> {
    this.reach();
    return this.inner.records(after, limit);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  /** Throws while the database is away; a commit that never reached it is certainly not there. */
  private reach(): void {
    const now = this.clock.monotonic();
    if (now >= this.awayUntil && this.happens(this.rates.outage)) {
      this.count('outage');
      this.awayUntil = now + this.random.next() * (this.rates.outageMaxMs ?? 0);
    }
    if (now < this.awayUntil) throw new CommitError('certain', 'the database is away');
  }

  private happens(rate = 0): boolean {
    return !this.healed && rate > 0 && this.random.next() < rate;
  }

  private count(fault: StoreFault): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.at('monotonic', this.clock.monotonic() + ms, resolve);
    });
  }
}
