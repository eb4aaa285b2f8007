/**
 * The trade flow. This machine alone owns the way of an order: gates one after the other, a person where one is needed, the
 * intent, the release, the venue, the end. Invariants: nothing leaves without `order.intended`; a terminal state is never left.
 */
import { and } from 'xstate';
import { copyOf, startOf } from './order-context.ts';
import { orderSetup, UNAVAILABLE } from './order-setup.ts';

/** Gates answer within a turn or two; an order whose gate is away this long is refused. */
const GATES_MAX_MS = 5_000;

/** A held order that woke up may have missed what was decided. Who decides has woken up by now too, and has told it again unasked. */
const RECALL_SOON_MS = 1_000;
/** A decision that crashes its agent each time crashes it no more often than its supervisor bears. */
const RECALL_AGAIN_MS = 60_000;
/** What was refused because too much waited was told to nobody. */
const RECALL_MS = 60 * 60_000;

/** Nobody's order: what the context holds before the first message. */
const BLANK = {
  orderId: '',
  traderId: '',
  accountId: '',
  symbol: '',
  side: 'buy',
  quantity: '0',
  price: '0',
  orderType: 'market',
  timeInForce: 'GTC',
  exit: false,
  surface: 'scenario',
  userId: '',
} as const;

const endAs = <E extends 'canceled' | 'expired' | 'rejected' | 'failed' | 'denied'>(end: E, reason?: string) =>
  ({ type: 'end', params: { end, ...(reason !== undefined && { reason }) } }) as const;
const answerAs = <S extends 'held' | 'working' | 'unresolved' | 'ended'>(status: S) =>
  ({ type: 'answer', params: status }) as const;

const unborn = startOf(BLANK, undefined, { autonomousThreshold: '0', variance: false }, 0);

/** Asks its gate, goes on when allowed, ends the order at the first denial, asks again after a restart. */
const gate = <G extends 'halt' | 'compliance' | 'risk', A extends string, N extends string>(name: G, ask: A, next: N) =>
  ({
    entry: ask,
    on: {
      'gate.answered': [
        { guard: { type: 'isAllowed', params: name }, target: next, actions: 'keepAnswer' },
        { guard: { type: 'isGate', params: name }, target: '#order.ended', actions: endAs('denied') },
      ],
      resumed: { target: name, reenter: true },
    },
  }) as const;

/** With the venue: a cancel is asked for at once. */
const cancelable = { target: 'canceling', actions: ['noteCancel', 'requestCancel'] } as const;
/** Asks what became of its request; a question of its own, which never makes one. */
const recall = { target: 'unanswered', actions: 'recall' } as const;
const withdrawn = { target: 'ended', actions: endAs('canceled') } as const;
/** Not sent for the first time, its earlier request may still arrive: it is only withdrawn at the venue. */
const withdrawal = [{ guard: 'mayHaveLeft', ...cancelable }, withdrawn] as const;
const reported = { target: 'reported', actions: 'book' } as const;
const decided = [
  // What was set aside stays; the way through the gates begins again with the price of now.
  { guard: { type: 'isDecision', params: 'approved' }, target: 'gating', actions: 'reprice' },
  { guard: { type: 'isDecision', params: 'rejected' }, ...withdrawn },
  {
    guard: { type: 'isDecision', params: 'expired' },
    target: 'ended',
    actions: endAs('expired', 'nobody decided in time'),
  },
] as const;
const refused = { type: 'answerCancel', params: { outcome: 'unresolved', status: 'working' } } as const;
const handedOver = [{ guard: 'mayHandOverAgain', target: 'intended' }, reported] as const;

export const orderMachine = orderSetup.createMachine({
  id: 'order',
  meta: { copy: copyOf },
  context({ input: { autonomousThreshold, variance } }) {
    const context = copyOf(unborn);
    context.autonomousThreshold = autonomousThreshold;
    context.variance = variance;
    return context;
  },
  initial: 'new',
  // Everybody may look at any time; who wants to wait is kept until the state changes.
  on: { 'order.get': { guard: 'isLook', actions: 'answerUnderWay' } },
  states: {
    new: {
      on: {
        'order.submit': [
          { guard: 'isDelayed', target: 'varying', actions: 'open' },
          { target: 'gating', actions: 'open' },
        ],
        'order.book-late-fill': { target: 'booked', actions: 'bookLate' },
      },
    },
    /** Its varied time has not come; the deadline survives a restart. */
    varying: {
      entry: 'waitForItsTime',
      on: {
        'order.due': { target: 'gating', actions: 'takeMarket' },
        'order.cancel': withdrawn,
        'trading.halted': withdrawn,
      },
    },
    gating: {
      initial: 'halt',
      after: {
        [GATES_MAX_MS]: { target: 'ended', actions: { type: 'end', params: { end: 'denied', denial: UNAVAILABLE } } },
      },
      on: { 'order.cancel': withdrawn, 'trading.halted': withdrawn },
      states: {
        halt: gate('halt', 'askHalt', 'compliance'),
        compliance: gate('compliance', 'askCompliance', 'risk'),
        risk: gate('risk', 'askRisk', 'quota'),
        quota: {
          entry: 'askQuota',
          on: {
            'gate.answered': [
              { guard: 'isApproved', target: '#order.intended', actions: 'keepAnswer' },
              { guard: { type: 'isAllowed', params: 'quota' }, target: 'oversight', actions: 'keepAnswer' },
              { guard: { type: 'isGate', params: 'quota' }, target: '#order.ended', actions: endAs('denied') },
            ],
            resumed: { target: 'quota', reenter: true },
          },
        },
        oversight: {
          entry: 'askOversight',
          on: {
            'gate.answered': [
              { guard: 'isHeld', target: '#order.held', actions: ['keepAnswer', 'hold'] },
              { guard: { type: 'isAllowed', params: 'oversight' }, target: '#order.intended', actions: 'keepAnswer' },
              { guard: { type: 'isGate', params: 'oversight' }, target: '#order.ended', actions: endAs('denied') },
            ],
            resumed: { target: 'oversight', reenter: true },
          },
        },
      },
    },
    held: {
      initial: 'waiting',
      entry: answerAs('held'),
      on: {
        'order.get': { actions: answerAs('held') },
        'order.submit': { actions: answerAs('held') },
        'order.decided': decided,
        'approval.recalled': [
          ...decided,
          // Its request was made before it was held: nobody remembers what was decided, and nobody may be asked twice.
          { guard: 'isForgotten', target: 'ended', actions: endAs('failed', 'what was decided about it is forgotten') },
          { target: '.waiting' },
        ],
        'order.cancel': withdrawn,
        'trading.halted': withdrawn,
      },
      states: {
        waiting: {
          after: { [RECALL_MS]: recall },
          on: { resumed: 'woken' },
        },
        /** What it was told may have been parked with its agent's crash, or lost with an earlier life: it asks. */
        woken: {
          after: { [RECALL_SOON_MS]: recall },
          on: { resumed: { target: 'woken', reenter: true } },
        },
        unanswered: {
          after: { [RECALL_AGAIN_MS]: { ...recall, reenter: true } },
          on: { resumed: { target: 'unanswered', reenter: true } },
        },
      },
    },
    intended: {
      entry: 'intend',
      on: {
        'order.release': [
          { guard: and(['isCovered', 'mayHaveLeft']), ...cancelable },
          {
            guard: 'isCovered',
            target: 'ended',
            actions: endAs('canceled', 'trading was halted before the order left'),
          },
          { target: 'sending', actions: 'send' },
        ],
        'order.cancel': withdrawal,
        'trading.halted': withdrawal,
        // After a restart the request may have left although no record says so: the effect's lookup tells.
        resumed: { target: 'asking' },
      },
    },
    sending: {
      on: {
        'order.cancel': { actions: 'noteCancel' },
        'trading.halted': { actions: 'noteCancel' },
        'venue.reported': handedOver,
      },
    },
    working: {
      entry: answerAs('working'),
      on: {
        'order.get': { actions: answerAs('working') },
        'order.submit': { actions: answerAs('working') },
        'order.cancel': cancelable,
        'trading.halted': cancelable,
        'venue.reported': reported,
        'order.reconcile': { actions: 'requestLookup' },
        'order.insist': { target: 'canceling', actions: 'requestCancel' },
        resumed: { actions: 'requestLookup' },
      },
    },
    canceling: {
      on: {
        'order.reconcile': { actions: 'requestLookup' },
        'order.cancel': { actions: ['noteCancel', 'requestCancel'] },
        'trading.halted': { actions: ['noteCancel', 'requestCancel'] },
        'venue.reported': reported,
      },
    },
    unresolved: {
      entry: [
        'announceUnresolved',
        answerAs('unresolved'),
        { type: 'answerCancel', params: { outcome: 'unresolved', status: 'unresolved' } },
      ],
      after: { lookupDelay: { actions: 'requestLookup', target: 'asking' } },
      on: {
        'order.get': { actions: answerAs('unresolved') },
        'order.submit': { actions: answerAs('unresolved') },
        'order.cancel': cancelable,
        'trading.halted': cancelable,
        'venue.reported': reported,
        resumed: { actions: 'requestLookup', target: 'asking' },
      },
    },
    /** A lookup is under way. */
    asking: { on: { 'order.cancel': cancelable, 'trading.halted': cancelable, 'venue.reported': handedOver } },
    /** Sorts out what the venue has said, in the same turn. */
    reported: {
      always: [
        { guard: 'isFilled', target: 'filled' },
        { guard: { type: 'says', params: 'canceled' }, target: 'ended', actions: endAs('canceled') },
        { guard: { type: 'says', params: 'expired' }, target: 'ended', actions: endAs('expired') },
        { guard: { type: 'says', params: 'rejected' }, target: 'ended', actions: endAs('rejected') },
        { guard: 'neverArrivedAndCanceled', ...withdrawn },
        { guard: 'neverArrived', target: 'ended', actions: endAs('failed', 'the venue never had the order') },
        // Partly filled and now not found: the fills stay, the rest is gone (venues drop what has ended).
        { guard: 'isGone', target: 'ended', actions: endAs('canceled', 'the venue no longer knows the order') },
        // Accepted once and now not found, or perhaps still on its way: nobody can tell, and what was set aside stays so.
        { guard: { type: 'says', params: 'absent' }, target: 'unresolved' },
        { guard: { type: 'says', params: 'unresolved' }, target: 'unresolved' },
        { guard: 'wantsCancel', target: 'canceling', actions: 'requestCancel' },
        {
          guard: 'mayInsist',
          target: 'working',
          actions: [refused, 'noteRefusal', 'insist'],
        },
        { guard: { type: 'says', params: 'cancel-rejected' }, target: 'working', actions: refused },
        { guard: 'isNews', target: 'working', actions: 'announceWorking' },
        { target: 'working' },
      ],
    },
    filled: {
      type: 'final',
      entry: [answerAs('ended'), { type: 'answerCancel', params: { outcome: 'already-ended', status: 'ended' } }],
    },
    ended: {
      type: 'final',
      entry: [answerAs('ended'), { type: 'answerCancel', params: { outcome: 'canceled', status: 'ended' } }],
    },
    booked: { type: 'final', entry: { type: 'answerNobody' } },
  },
});
