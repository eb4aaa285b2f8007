/**
 * Rare situations that a set of seeds must reach, or its silence means nothing: each is counted from records, answers, venue calls and
 * faults of a finished world. A situation that never occurs over a night's seeds shows a crowd that is too tame.
 */
import type { DenialCode } from '../../domain/denial.ts';
import type { RunChanged } from '../../messages/run.ts';
import { AT_DOORS } from './at-doors.ts';
import { ATTACKS } from './attacks.ts';
import { OF_AGENTS } from './of-agents.ts';
import { always, denied, fault, on, type Situation } from './situation.ts';

const DAY_MS = 86_400_000;
const BOT_TRADER = 'agent-task-';
const RACE_MS = 100;
const LIMITS: ReadonlySet<DenialCode> = new Set(['EXPOSURE_LIMIT', 'POSITION_LIMIT', 'QUOTA_TRADES', 'QUOTA_VOLUME']);
/** Hours of 2026 that clocks show twice, in Berlin and New York. */
const REPEATED_HOURS = [Date.UTC(2026, 9, 25, 1), Date.UTC(2026, 10, 1, 6)];

const HALTS: readonly Situation[] = [
  {
    name: 'stop while a cancel is in flight',
    ...on('trading.halted', ({ orders }) => [...orders.open.values()].some(({ stage }) => stage === 'canceling')),
  },
  {
    name: 'stop between the intent and the hand-over',
    ...on(
      'order.ended',
      ({ fact, order, halts }) =>
        order?.stage === 'intended' && halts.covering(fact.accountId, fact.traderId) !== undefined,
    ),
  },
  {
    name: 'exit during a stop',
    ...on(
      'order.submitted',
      ({ fact, halts }) =>
        fact.ticket.exit && halts.covering(fact.ticket.accountId, fact.ticket.traderId) !== undefined,
    ),
  },
  {
    name: 'stop with a second one in force',
    ...on('trading.halted', ({ halts }) => halts.active.size > 0),
  },
  {
    name: 'crash during a stop',
    watch: always(({ record, epochBefore, halts }) => record.epoch !== epochBefore && halts.active.size > 0),
  },
];

const VENUE: readonly Situation[] = [
  {
    name: 'fill before the acknowledgement',
    ...on('order.filled', ({ order, record }) => order?.stage === 'sent' && record.causationId === 0),
  },
  {
    name: 'acknowledgement lost, then a fill',
    count: ({ callsOf, rest }) =>
      [...callsOf].filter(
        ([orderId, calls]) =>
          calls.some(({ call, told }) => call === 'submit' && told === 'unresolved') &&
          (rest.venueOrders.get(orderId)?.fills.length ?? 0) > 0,
      ).length,
  },
  {
    name: 'partial fill, then a cancel',
    ...on('order.ended', ({ fact }) => fact.end === 'canceled' && fact.filledQuantity !== '0'),
  },
  {
    name: 'late fill',
    ...on('order.filled', ({ fact }) => fact.late === true),
  },
  {
    name: 'cancel unresolved',
    ...on('order.unresolved', ({ order }) => order?.stage === 'canceling'),
  },
  {
    name: 'handed over again',
    ...on('order.intended', ({ order }) => (order?.intents ?? 0) > 0),
  },
  {
    name: 'feed stale while an order works',
    ...on(
      'order.ended',
      ({ fact, orders }) =>
        fact.denial?.code === 'STALE_DATA' &&
        [...orders.open.values()].some(({ stage, ticket }) => stage === 'working' && ticket.symbol === fact.symbol),
    ),
  },
];

const CRASHES: readonly Situation[] = [
  {
    name: 'crash between the intent and the hand-over',
    watch: always(
      ({ record, epochBefore, orders }) =>
        record.epoch !== epochBefore && [...orders.open.values()].some(({ stage }) => stage === 'intended'),
    ),
  },
  {
    name: 'crash between the hand-over and its answer',
    watch: always(
      ({ record, epochBefore, orders }) =>
        record.epoch !== epochBefore && [...orders.open.values()].some(({ stage }) => stage === 'sent'),
    ),
  },
  {
    name: 'restart while the venue is asked',
    watch: () => {
      const asked = new Map<string, number>();
      return ({ fact, record }) => {
        if (fact.type !== 'order.lookup-requested') {
          if ('orderId' in fact) asked.delete(fact.orderId);
          return false;
        }
        const before = asked.get(fact.orderId);
        asked.set(fact.orderId, record.epoch);
        return before !== undefined && before !== record.epoch;
      };
    },
  },
  {
    name: 'outbox told again after a start',
    count: ({ callsOf, rest }) => {
      const lookups = new Map<string, number>();
      for (const { type, payload } of rest.records) {
        if (type !== 'order.lookup-requested') continue;
        const { orderId } = JSON.parse(payload) as { orderId: string };
        lookups.set(orderId, (lookups.get(orderId) ?? 0) + 1);
      }
      return [...callsOf].filter(
        ([orderId, calls]) => calls.filter(({ call }) => call === 'lookup').length > (lookups.get(orderId) ?? 0),
      ).length;
    },
  },
  {
    name: 'a person decides while a crash is recovered',
    watch: () => {
      let movedAt = Number.NEGATIVE_INFINITY;
      return ({ fact, record, epochBefore, at }) => {
        if (record.epoch !== epochBefore) movedAt = at;
        return fact.type === 'approval.decided' && fact.by !== 'system' && at - movedAt < 5_000;
      };
    },
  },
];

const PEOPLE: readonly Situation[] = [
  {
    name: 'limit hit by two racing orders',
    watch: () => {
      const passed = new Map<string, number>();
      return ({ fact, order, at }) => {
        if (fact.type === 'order.intended') passed.set(fact.ticket.accountId, at);
        if (fact.type !== 'order.ended' || !fact.denial || !LIMITS.has(fact.denial.code)) return false;
        return order !== undefined && Math.abs((passed.get(fact.accountId) ?? 0) - order.submittedAt) <= RACE_MS;
      };
    },
  },
  { name: 'approval after the quote moved', ...on('approval.repriced', () => true) },
  {
    name: 'approval expired',
    ...on('approval.decided', ({ fact }) => fact.decision === 'expired'),
  },
  {
    name: 'decided twice',
    count: ({ answers }) =>
      answers.filter(({ path, status, method }) => method === 'POST' && /requests\/.+\//.test(path) && status === 409)
        .length,
  },
  {
    name: 'order ended while a person thought about it',
    ...on('order.ended', ({ fact, order }) => order?.stage === 'held' && fact.end === 'canceled'),
  },
  {
    name: 'quota reset during an order',
    watch: always(({ fact, order, at }) => {
      const isEnd = fact.type === 'order.ended' || (fact.type === 'order.filled' && fact.end);
      return isEnd && order !== undefined && Math.floor(order.submittedAt / DAY_MS) !== Math.floor(at / DAY_MS);
    }),
  },
  {
    name: 'daily reset with an open position',
    watch: () => {
      const opened = new Set<string>();
      return ({ fact }) => {
        if (fact.type !== 'equity.day-opened') return false;
        const again = opened.has(fact.accountId);
        opened.add(fact.accountId);
        return again;
      };
    },
  },
  {
    name: 'an hour that clocks show twice',
    watch: always(({ at }) => REPEATED_HOURS.some((hour) => at >= hour && at < hour + 3_600_000)),
  },
  { name: 'termination refused', ...on('trader.reactivated', () => true) },
  { name: 'termination', ...on('trader.terminated', () => true) },
  // Whoever sets the clock wrong sets it right again: one of both is a step back.
  { name: 'clock stepped back', count: ({ faults }) => Math.floor((faults['clock-step'] ?? 0) / 2) },
];

const WORK: readonly Situation[] = [
  { name: 'file imported', count: ({ rest }) => rest.files?.imports.length ?? 0 },
  {
    name: 'run ended in another life than it began in',
    watch: () => {
      const begun = new Map<number, number>();
      return ({ record }) => {
        const { executionId = 0, status } = record.message as Partial<RunChanged>;
        if (record.type === 'run.created') begun.set(executionId, record.epoch);
        return record.type === 'run.changed' && status === 'completed' && begun.get(executionId) !== record.epoch;
      };
    },
  },
  {
    name: 'bot trades in another life than before',
    watch: () => {
      const traded = new Map<string, number>();
      return ({ fact, record }) => {
        if (fact.type !== 'order.filled' || !fact.traderId.startsWith(BOT_TRADER)) return false;
        const before = traded.get(fact.traderId);
        traded.set(fact.traderId, record.epoch);
        return before !== undefined && before !== record.epoch;
      };
    },
  },
];

const CODES: readonly DenialCode[] = [
  'HALTED',
  'TRADER_INACTIVE',
  'STALE_DATA',
  'PRICE_COLLAR',
  'NO_LIMIT_CONFIGURED',
  'EXPOSURE_LIMIT',
  'QUOTA_TRADES',
  'QUOTA_VOLUME',
  'QUOTA_BUDGET',
  'QUANTITY_STEP',
  'PRICE_TICK',
  'REDUCING_ONLY',
  'ORDER_VALUE',
  'ORDER_VOLUME',
  'SLICED_ORDER',
  'POSITION_LIMIT',
];
const FAULTS = [
  ...(['restart', 'freeze', 'out-of-order'] as const),
  'upload-cut',
  'chunk-error',
  'worker-died',
  'agent-crash-before',
  'agent-crash-behind',
  'house-gave-up',
  'duplicate',
  'reorder',
  'outage',
  'commit-error',
  'commit-unknown-landed',
  'disk-full',
  ...(['queue-lost', 'queue-duplicate', 'queue-delay', 'queue-away', 'worker-killed'] as const),
] as const;

export const SITUATIONS: readonly Situation[] = [
  ...HALTS,
  ...VENUE,
  ...CRASHES,
  ...PEOPLE,
  ...WORK,
  ...AT_DOORS,
  ...OF_AGENTS,
  ...ATTACKS,
  ...CODES.map(denied),
  ...FAULTS.map(fault),
];

/** Asked for as well, and out of a drawn world's reach today; each with the reason. */
export const OUT_OF_REACH: Readonly<Record<string, string>> = {
  'copilot tool call after its token expired': 'no copilot is part of a simulated world yet',
};
