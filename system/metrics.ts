/** What an operator asks, as Prometheus text: mailboxes, turns, restarts, dead letters, commits, orders by end and reason, requests. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestSample } from '../api/kit/house.ts';
import type { OrderEnded, OrderFilled } from '../messages/order.ts';
import type { JournalRecord } from '../runtime/message.ts';
import type { Runtime } from '../runtime/runtime.ts';

export interface Metrics {
  text(): Promise<string>;
  observe(sample: RequestSample): void;
}

export function openMetrics(runtime: Runtime): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `pitwall_${name}`, help, labelNames, registers });
  const mailbox = gauge('mailbox_depth', 'Messages that wait at an agent', ['agent']);
  const backlog = gauge('fact_backlog', 'Facts that an agent has not read yet', ['agent']);
  const entities = gauge('entities', 'Entities that an agent holds', ['agent']);
  const restarts = gauge('agent_restarts_total', 'Restarts of an agent since the start', ['agent']);
  const turnsOf = gauge('agent_turns_total', 'Turns of an agent since the start', ['agent']);
  const turnSeconds = gauge('turn_seconds_mean', 'Mean time of a turn since the start');
  const up = gauge('agent_up', '1 when the agent runs', ['agent']);
  const dead = gauge('dead_letters_total', 'Messages that nobody took', ['type_and_reason']);
  const groups = gauge('commit_groups_total', 'Groups committed since the start');
  const head = gauge('journal_head', 'Sequence of the last record');
  const uncommitted = gauge('journal_uncommitted', 'Records that are not durable yet');
  const asks = gauge('asks_waiting', 'Requests that wait for an answer');
  const orders = new Counter({
    name: 'pitwall_orders_ended_total',
    help: 'Orders by their end and reason',
    labelNames: ['end', 'reason'],
    registers,
  });
  const requests = new Histogram({
    name: 'pitwall_http_request_seconds',
    help: 'Requests by route and status',
    labelNames: ['method', 'route', 'status'],
    registers,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  });

  runtime.onCommitted(({ message }: JournalRecord) => {
    if (message.type === 'order.filled' && (message as OrderFilled).end) orders.inc({ end: 'filled', reason: '' });
    if (message.type !== 'order.ended') return;
    const { end, denial } = message as OrderEnded;
    orders.inc({ end, reason: denial?.code ?? '' });
  });

  function collect(): void {
    const stats = runtime.stats();
    for (const { address: agent, status, ...figures } of stats.agents) {
      mailbox.set({ agent }, figures.mailbox);
      backlog.set({ agent }, figures.facts);
      entities.set({ agent }, figures.entities);
      restarts.set({ agent }, figures.restarts);
      turnsOf.set({ agent }, figures.turns);
      up.set({ agent }, status === 'running' ? 1 : 0);
    }
    for (const [key, count] of stats.deadLetters) dead.set({ type_and_reason: key }, count);
    turnSeconds.set(stats.turns === 0 ? 0 : stats.busyMs / stats.turns / 1_000);
    groups.set(stats.groups);
    head.set(runtime.head);
    uncommitted.set(runtime.head - runtime.watermark);
    asks.set(stats.asks);
  }

  return {
    text() {
      collect();
      return registry.metrics();
    },
    observe: ({ method, route, status, durationMs }) =>
      requests.observe({ method, route, status: String(status) }, durationMs / 1_000),
  };
}
