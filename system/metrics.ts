/** What an operator asks, as Prometheus text: mailboxes, turns, restarts, dead letters, commits, orders by end and reason, requests. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestSample } from '../api/kit/house.ts';
import type { OrderEnded, OrderFilled } from '../messages/order.ts';
import type { ReconciliationConcluded } from '../messages/reconciliation.ts';
import type { Jobs } from '../runtime/jobs.ts';
import type { JournalRecord } from '../runtime/message.ts';
import type { Runtime } from '../runtime/runtime.ts';

export interface Metrics {
  text(): Promise<string>;
  observe(sample: RequestSample): void;
}

/** All gauges of a registry: their names and help texts, with the label that tells them apart. */
function gauges(registry: Registry) {
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `pitwall_${name}`, help, labelNames, registers: [registry] });
  return {
    mailbox: gauge('mailbox_depth', 'Messages that wait at an agent', 'agent'),
    backlog: gauge('fact_backlog', 'Facts that an agent has not read yet', 'agent'),
    entities: gauge('entities', 'Entities that an agent holds', 'agent'),
    restarts: gauge('agent_restarts_total', 'Restarts of an agent since the start', 'agent'),
    turns: gauge('agent_turns_total', 'Turns of an agent since the start', 'agent'),
    up: gauge('agent_up', '1 when the agent runs', 'agent'),
    turnSeconds: gauge('turn_seconds_mean', 'Mean time of a turn since the start'),
    dead: gauge('dead_letters_total', 'Messages that nobody took', 'type_and_reason'),
    groups: gauge('commit_groups_total', 'Groups committed since the start'),
    head: gauge('journal_head', 'Sequence of the last record'),
    uncommitted: gauge('journal_uncommitted', 'Records that are not durable yet'),
    asks: gauge('asks_waiting', 'Requests that wait for an answer'),
    jobs: gauge('jobs', 'Jobs by state: open ones now, ended ones since the start', 'state'),
    jobsReachable: gauge('jobs_reachable', '1 when what runs jobs can be reached'),
  };
}

class RuntimeMetrics implements Metrics {
  private readonly registry = new Registry();
  private readonly gauges = gauges(this.registry);
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
  private readonly requests = new Histogram({
    name: 'pitwall_http_request_seconds',
    help: 'Requests by route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  });

  constructor(
    private readonly runtime: Runtime,
    private readonly jobs: Jobs | undefined,
  ) {
    runtime.onCommitted((record) => this.count(record));
  }

  text(): Promise<string> {
    this.collect();
    return this.registry.metrics();
  }

  observe({ method, route, status, durationMs }: RequestSample): void {
    this.requests.observe({ method, route, status: String(status) }, durationMs / 1_000);
  }

  private count({ message }: JournalRecord): void {
    if (message.type === 'reconciliation.requested') this.looks.inc();
    if (message.type === 'reconciliation.concluded') this.countDifferences(message as ReconciliationConcluded);
    if (message.type === 'order.filled' && (message as OrderFilled).end) this.orders.inc({ end: 'filled', reason: '' });
    if (message.type !== 'order.ended') return;
    const { end, denial } = message as OrderEnded;
    this.orders.inc({ end, reason: denial?.code ?? '' });
  }

  private countDifferences({ outcome, severity, orders, positions, external }: ReconciliationConcluded): void {
    if (outcome === 'unknown') this.differences.inc({ kind: 'unanswered', severity });
    const counts = { order: orders.length, position: positions.length, external: external.length };
    for (const [kind, count] of Object.entries(counts)) if (count > 0) this.differences.inc({ kind, severity }, count);
  }

  private collect(): void {
    const { runtime, jobs, gauges: to } = this;
    const stats = runtime.stats();
    for (const { address: agent, status, mailbox, facts, entities, restarts, turns } of stats.agents) {
      to.mailbox.set({ agent }, mailbox);
      to.backlog.set({ agent }, facts);
      to.entities.set({ agent }, entities);
      to.restarts.set({ agent }, restarts);
      to.turns.set({ agent }, turns);
      to.up.set({ agent }, status === 'running' ? 1 : 0);
    }
    for (const [typeAndReason, count] of stats.deadLetters) to.dead.set({ type_and_reason: typeAndReason }, count);
    to.turnSeconds.set(stats.turns === 0 ? 0 : stats.busyMs / stats.turns / 1_000);
    to.groups.set(stats.groups);
    to.head.set(runtime.head);
    to.uncommitted.set(runtime.head - runtime.watermark);
    to.asks.set(stats.asks);
    if (!jobs) return;
    const { reachable, open, ended } = jobs.health();
    for (const [state, count] of Object.entries({ ...open, ...ended })) to.jobs.set({ state }, count);
    to.jobsReachable.set(reachable ? 1 : 0);
  }
}

export const openMetrics = (runtime: Runtime, jobs: Jobs | undefined): Metrics => new RuntimeMetrics(runtime, jobs);
