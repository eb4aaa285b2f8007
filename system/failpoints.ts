/**
 * Failpoints: named moments at which this process is made to die, or its database or an agent to fail, so that crash runs hit them
 * exactly. They wrap store, venue and roster of live ports and decide nothing else; without the setting nothing is wrapped.
 */
import type { Venue, VenueOrder, VenueReport } from '../agents/venue.ts';
import type { AgentDefinition, SupervisorSpec } from '../runtime/agent.ts';
import type { Clock, Log } from '../runtime/ports.ts';
import { CommitError, type Group, type Store } from '../runtime/store.ts';

/** Each counts from 1, since the product is ready; `certain` and `unknown` are faults of a commit as in runtime/store.ts. */
const COMMIT_POINTS = [
  /** Dies before, while and after the group is committed. */
  'commit.before',
  'commit.during',
  'commit.after',
  /** Fails for certain; commits and then says that nobody knows. */
  'commit.fail',
  'commit.unknown',
  /** Begins late by SLOW_MS. */
  'commit.slow',
  /** From here on every commit begins late by LAG_MS. */
  'commit.lag',
  /** From here on commits and the taking of an epoch fail for DOWN_MS. */
  'db.down',
] as const;
const SUBMIT_POINTS = [
  /** Dies before the order leaves, and when the venue has answered but the answer is not yet known inside. */
  'venue.before-submit',
  'venue.after-submit',
  /** The order leaves, no commit passes any more, and the process dies HELD_MS later. */
  'commit.hold-after-submit',
] as const;
/** From here on each turn of the agent that is named throws, nobody is restarted, and commits begin late by SLOW_MS: the house gives up. */
const AGENT_POINT = 'agent.broken';
type CommitPoint = (typeof COMMIT_POINTS)[number];
type SubmitPoint = (typeof SUBMIT_POINTS)[number];

export interface Failpoint {
  readonly point: CommitPoint | SubmitPoint | typeof AGENT_POINT;
  readonly nth: number;
  /** Only commits count that carry a record of this type. */
  readonly recordType?: string;
  /** Only records, or orders that are submitted, count that have this in their text, such as a trader's id; or the agent that breaks. */
  readonly about?: string;
}

const POINTS = [...COMMIT_POINTS, ...SUBMIT_POINTS, AGENT_POINT] as const;
export const FAILPOINT_FORM = `<point>@<n>, then :<record type> for commits, then /<text>; points: ${POINTS.join(', ')}`;

const DOWN_MS = 3_000;
const SLOW_MS = 1_000;
const LAG_MS = 10;
const HELD_MS = 50;
const DURING_MS = 1;

const FORM = /^([a-z.-]+)@([1-9]\d*)(?::([a-z.-]+))?(?:\/([\w-]+))?$/;

/** Throws an error that says what is wrong. */
export function parseFailpoint(text: string): Failpoint {
  const [, name = '', nth = '', recordType, about] = FORM.exec(text) ?? [];
  const point = POINTS.find((known) => known === name);
  if (!point) throw new Error('names no known failpoint');
  if (recordType !== undefined && !isCommitPoint(point))
    throw new Error('counts submits or turns, which carry no record');
  if (about === undefined && point === AGENT_POINT) throw new Error('names no agent');
  return {
    point,
    nth: Number(nth),
    ...(recordType !== undefined && { recordType }),
    ...(about !== undefined && { about }),
  };
}

const isCommitPoint = (point: Failpoint['point']): point is CommitPoint =>
  COMMIT_POINTS.some((known) => known === point);

export interface FailpointPorts {
  readonly store: Store;
  readonly venue: Venue;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends this process without a word. */
  readonly die: () => void;
}

export interface Failing {
  readonly store: Store;
  readonly venue: Venue;
  readonly defect: (roster: SupervisorSpec) => SupervisorSpec;
  /** Counting begins. */
  ready(): void;
}

export function openFailpoint(failpoint: Failpoint, ports: FailpointPorts): Failing {
  const counter = new Failer(failpoint, ports);
  return {
    store: failingStore(ports.store, counter),
    venue: failingVenue(ports.venue, counter),
    defect: (roster) => (failpoint.point === AGENT_POINT ? failingRoster(roster, counter) : roster),
    ready: () => counter.ready(),
  };
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

class Failer {
  private isReady = false;
  private seen = 0;
  private downUntil = 0;
  private holds = false;
  private lagMs = 0;

  constructor(
    private readonly failpoint: Failpoint,
    private readonly ports: FailpointPorts,
  ) {}

  ready(): void {
    this.isReady = true;
  }

  async commit(group: Group): Promise<void> {
    const { store } = this.ports;
    if (this.holds) return never();
    this.assertUp();
    const { point } = this.failpoint;
    if (isCommitPoint(point) && this.counts(group) && this.isTheOne()) return this.failCommit(point, group);
    return this.lagMs === 0 ? store.commit(group) : this.commitLate(this.lagMs, group);
  }

  private async commitLate(delayMs: number, group: Group): Promise<void> {
    await new Promise<void>((resolve) => this.after(delayMs, resolve));
    return this.ports.store.commit(group);
  }

  async submit(order: VenueOrder, signal: AbortSignal): Promise<VenueReport> {
    const { venue } = this.ports;
    const { point, about = '' } = this.failpoint;
    const counts = SUBMIT_POINTS.some((known) => known === point) && JSON.stringify(order).includes(about);
    if (!counts || !this.isTheOne(order.clientOrderId)) return venue.submit(order, signal);
    if (point === 'venue.before-submit') return this.die();
    if (point === 'commit.hold-after-submit') {
      this.holds = true;
      this.after(HELD_MS, this.ports.die);
      return venue.submit(order, signal);
    }
    await venue.submit(order, signal);
    return this.die();
  }

  turn(address: string): void {
    if (address !== this.failpoint.about) return;
    if (this.isTheOne()) this.lagMs = SLOW_MS;
    if (this.seen >= this.failpoint.nth) throw new Error(`failpoint: ${address} is broken`);
  }

  assertUp(): void {
    if (this.ports.clock.monotonic() < this.downUntil)
      throw new CommitError('certain', 'failpoint: the database is down');
  }

  private async failCommit(point: CommitPoint, group: Group): Promise<void> {
    const { store, clock, die } = this.ports;
    switch (point) {
      case 'commit.before':
        return this.die();
      case 'commit.during':
        store.commit(group).catch(() => undefined);
        this.after(DURING_MS, die);
        return never();
      case 'commit.after':
        await store.commit(group);
        return this.die();
      case 'commit.fail':
        throw new CommitError('certain', 'failpoint: the commit failed');
      case 'commit.unknown':
        await store.commit(group);
        throw new CommitError('unknown', 'failpoint: the outcome of the commit is not known');
      case 'commit.slow':
        return this.commitLate(SLOW_MS, group);
      case 'commit.lag':
        this.lagMs = LAG_MS;
        return this.commitLate(LAG_MS, group);
      case 'db.down':
        this.downUntil = clock.monotonic() + DOWN_MS;
        return this.assertUp();
    }
  }

  private counts({ records }: Group): boolean {
    const { recordType, about } = this.failpoint;
    if (recordType === undefined && about === undefined) return true;
    return records.some(
      ({ type, payload }) => (recordType === undefined || type === recordType) && payload.includes(about ?? ''),
    );
  }

  private isTheOne(orderId?: string): boolean {
    if (!this.isReady) return false;
    this.seen += 1;
    const { nth, point } = this.failpoint;
    if (this.seen !== nth) return false;
    this.ports.log.warn('failpoint.hit', { point, nth, orderId });
    return true;
  }

  private die(): Promise<never> {
    this.ports.die();
    return never();
  }

  private after(delayMs: number, run: () => void): void {
    const { clock } = this.ports;
    clock.at('monotonic', clock.monotonic() + delayMs, run);
  }
}

const failingRoster = (spec: SupervisorSpec, failer: Failer): SupervisorSpec => ({
  ...spec,
  intensity: { ...spec.intensity, max: 0 },
  children: spec.children.map((child) =>
    'agent' in child ? { ...child, agent: failingAgent(child.agent, failer) } : failingRoster(child, failer),
  ),
});

const failingAgent = (agent: AgentDefinition, failer: Failer): AgentDefinition => ({
  ...agent,
  prepare(message, shared, latest) {
    failer.turn(agent.address);
    return agent.prepare?.(message, shared, latest) ?? message;
  },
});

const failingStore = (store: Store, failer: Failer): Store => ({
  open: (world) => store.open(world),
  async takeEpoch() {
    failer.assertUp();
    return store.takeEpoch();
  },
  commit: (group) => failer.commit(group),
  load: (agent, sleeping) => store.load(agent, sleeping),
  find: (agent, entities) => store.find(agent, entities),
  due: (rows) => store.due(rows),
  records: (after, limit) => store.records(after, limit),
  close: () => store.close(),
});

const failingVenue = (venue: Venue, failer: Failer): Venue => ({
  name: venue.name,
  idempotency: venue.idempotency,
  submit: (order, signal) => failer.submit(order, signal),
  cancel: (orderId, signal, submittedAt) => venue.cancel(orderId, signal, submittedAt),
  lookup: (orderId, signal, submittedAt) => venue.lookup(orderId, signal, submittedAt),
  snapshot: (signal) => venue.snapshot(signal),
  onReport: (listener) => venue.onReport(listener),
});
