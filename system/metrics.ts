/** What an operator asks, as Prometheus text: mailboxes, turns and their time, restarts, dead letters, commits, orders by end and reason, requests. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestSample } from '../api/kit/house.ts';
import type { OrderEnded, OrderFilled } from '../messages/order.ts';
import type { ReconciliationConcluded } from '../messages/reconciliation.ts';
import { BOUNDS } from '../runtime/bounds.ts';
import type { Jobs } from '../runtime/jobs.ts';
import type { JournalRecord } from '../runtime/message.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { RequestDurations } from './request-durations.ts';

export interface Metrics {
  text(): Promise<string>;
  observe(sample: RequestSample): void;
}

/** A counter whose owner counts: it is set when somebody asks. */
class Total {
  private readonly counter: Counter;

  constructor(registry: Registry, name: string, help: string, labelNames: readonly string[]) {
    this.counter = new Counter({ name: `pitwall_${name}`, help, labelNames, registers: [registry] });
  }

  /** One sample a set of labels; what is not among them any more is forgotten. */
  set(samples: Iterable<readonly [labels: Record<string, string>, count: number]>): void {
    this.counter.reset();
    for (const [labels, count] of samples) this.counter.inc(labels, count);
  }
}

/** What is read when somebody asks: names and help texts, with the label that tells samples apart. */
function readings(registry: Registry) {
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `pitwall_${name}`, help, labelNames, registers: [registry] });
  const total = (name: string, help: string, ...labelNames: string[]) => new Total(registry, name, help, labelNames);
  return {
    mailbox: gauge('mailbox_depth', 'Messages that wait at an agent', 'agent'),
    backlog: gauge('fact_backlog', 'Facts that an agent has not read yet', 'agent'),
    entities: gauge('entities', 'Entities that an agent holds', 'agent'),
    restarts: total('agent_restarts_total', 'Restarts of an agent since the start', 'agent'),
    turns: total('agent_turns_total', 'Turns of an agent since the start', 'agent'),
    up: gauge('agent_up', '1 when the agent runs', 'agent'),
    dead: total('dead_letters_total', 'Messages that nobody took', 'type_and_reason'),
    groups: total('commit_groups_total', 'Groups committed since the start'),
    head: gauge('journal_head', 'Sequence of the last record'),
    uncommitted: gauge('journal_uncommitted', 'Records that are not durable yet'),
    quotesDropped: total('quotes_dropped_total', 'Quotes that nobody was told, by what was wrong with them', 'reason'),
    asks: gauge('asks_waiting', 'Requests that wait for an answer'),
    jobs: gauge('jobs', 'Jobs by state: open ones now, ended ones since the start', 'state'),
    jobsReachable: gauge('jobs_reachable', '1 when what runs jobs can be reached'),
  };
}

class RuntimeMetrics implements Metrics {
  private readonly registry = new Registry();
  private readonly readings = readings(this.registry);
  private readonly orders = new Counter({
    name: 'pitwall_orders_ended_total',
    help: 'Orders by their end and reason',
    labelNames: ['end', 'reason'],
    registers: [this.registry],
  });
  private readonly looks = new Counter({
    name: 'pitwall_reconciliations_total',
    help: "How often our books were held against the venue's",
    registers: [this.registry],
  });
  private readonly differences = new Counter({
    name: 'pitwall_reconciliation_differences_total',
    help: 'Differences between our books and the venue, by what they are about; `unanswered` counts streaks without an answer',
    labelNames: ['kind', 'severity'],
    registers: [this.registry],
  });
  private readonly turns = new Histogram({
    name: 'pitwall_turn_seconds',
    help: `Turns by agent; one of ${BOUNDS.turnsPerTiming} turns is timed`,
    labelNames: ['agent'],
    registers: [this.registry],
    buckets: [0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1],
  });
  private readonly requests = new RequestDurations();

  /** Orders filled since somebody last asked: for each of them to name its labels would cost as much as a small turn. */
  private filled = 0;

  constructor(
    private readonly runtime: Runtime,
    private readonly jobs: Jobs | undefined,
    private readonly quotesDropped: Readonly<Record<string, number>>,
  ) {
    runtime.onCommitted((record) => this.count(record));
    runtime.onTurnTimed((agent, ms) => this.turns.observe({ agent }, ms / 1_000));
  }

  async text(): Promise<string> {
    this.collect();
    return `${await this.registry.metrics()}\n${this.requests.text()}`;
  }

  observe(sample: RequestSample): void {
    this.requests.count(sample);
  }

  private count({ message }: JournalRecord): void {
    if (message.type === 'reconciliation.requested') this.looks.inc();
    if (message.type === 'reconciliation.concluded') this.countDifferences(message as ReconciliationConcluded);
    if (message.type === 'order.filled' && (message as OrderFilled).end) this.filled += 1;
    if (message.type !== 'order.ended') return;
    const { end, denial } = message as OrderEnded;
    this.orders.inc({ end, reason: denial?.code ?? '' });
  }

  private countDifferences({
    outcome,
    severity,
    orders,
    positions,
    external,
    cash = [],
  }: ReconciliationConcluded): void {
    if (outcome === 'unknown') this.differences.inc({ kind: 'unanswered', severity });
    const counts = { order: orders.length, position: positions.length, external: external.length, cash: cash.length };
    for (const [kind, count] of Object.entries(counts)) if (count > 0) this.differences.inc({ kind, severity }, count);
  }

  private collect(): void {
    const { runtime, jobs, readings: to } = this;
    if (this.filled > 0) this.orders.inc({ end: 'filled', reason: '' }, this.filled);
    this.filled = 0;
    const stats = runtime.stats();
    for (const { address: agent, status, mailbox, facts, entities } of stats.agents) {
      to.mailbox.set({ agent }, mailbox);
      to.backlog.set({ agent }, facts);
      to.entities.set({ agent }, entities);
      to.up.set({ agent }, status === 'running' ? 1 : 0);
    }
    to.restarts.set(stats.agents.map(({ address: agent, restarts }) => [{ agent }, restarts]));
    to.turns.set(stats.agents.map(({ address: agent, turns }) => [{ agent }, turns]));
    to.dead.set([...stats.deadLetters].map(([kind, count]) => [{ type_and_reason: kind }, count]));
    to.groups.set([[{}, stats.groups]]);
    to.head.set(runtime.head);
    to.uncommitted.set(runtime.head - runtime.watermark);
    to.quotesDropped.set(Object.entries(this.quotesDropped).map(([reason, count]) => [{ reason }, count]));
    to.asks.set(stats.asks);
    if (!jobs) return;
    const { reachable, open, ended } = jobs.health();
    for (const [state, count] of Object.entries({ ...open, ...ended })) to.jobs.set({ state }, count);
    to.jobsReachable.set(reachable ? 1 : 0);
  }
}

export const openMetrics = (
  runtime: Runtime,
  jobs: Jobs | undefined,
  quotesDropped: Readonly<Record<string, number>>,
): Metrics => new RuntimeMetrics(runtime, jobs, quotesDropped);
