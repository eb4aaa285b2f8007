/**
 * The life of a trader: active, winding down, terminated. Winding down stops new orders first, refuses while orders are open,
 * closes every position and ends only when the portfolio is flat; whatever fails makes the trader active again.
 */
import { assign, emit, enqueueActions, setup } from 'xstate';
import { absolute, isPositive } from '../domain/decimal.ts';
import type { PortfolioAnswered, PortfolioGet, PositionView } from '../messages/account.ts';
import type { OrderTicket } from '../messages/common.ts';
import type {
  OrderCancel,
  OrderEnded,
  OrderFilled,
  OrderSubmit,
  OrdersOpen,
  OrdersOpenAnswered,
} from '../messages/order.ts';
import type {
  TraderAnswered,
  TraderCreate,
  TraderCreated,
  TraderReactivated,
  TraderTerminate,
  TraderTerminated,
  TraderWindingDown,
} from '../messages/trader.ts';
import type { Resumed } from '../runtime/lifecycle.ts';

/** A trader that is not flat after this long is active again. */
const WIND_DOWN_MAX_MS = 30_000;

type Context = {
  readonly traderId: string;
  readonly accountId: string;
  /** Who asked for the termination. */
  readonly by: string;
  /** Counts closing rounds for good, so that no order id comes twice. */
  readonly rounds: number;
  /** Closing orders that have neither filled nor ended. */
  readonly closing: readonly OrderTicket[];
};

type Event =
  | TraderCreate
  | TraderTerminate
  | OrdersOpenAnswered
  | PortfolioAnswered
  | OrderFilled
  | OrderEnded
  | Resumed;
type Emitted =
  | TraderCreated
  | TraderWindingDown
  | TraderReactivated
  | TraderTerminated
  | TraderAnswered
  | OrdersOpen
  | PortfolioGet
  | OrderSubmit
  | OrderCancel;

const CLOSING_ORDER_PREFIX = 'trade-close-';
export const isClosingOrder = (orderId: string): boolean => orderId.startsWith(CLOSING_ORDER_PREFIX);

const openPositions = (answer: PortfolioAnswered): readonly PositionView[] =>
  answer.positions.filter(({ quantity }) => quantity !== '0');

function closingTicket(context: Context, position: PositionView): OrderTicket {
  const { traderId, accountId, by, rounds } = context;
  return {
    orderId: `${CLOSING_ORDER_PREFIX}${traderId}-${position.symbol}-${rounds}`,
    traderId,
    accountId,
    symbol: position.symbol,
    side: isPositive(position.quantity) ? 'sell' : 'buy',
    quantity: absolute(position.quantity),
    price: position.currentPrice,
    orderType: 'market',
    timeInForce: 'IOC',
    exit: true,
    surface: 'wind-down',
    userId: by,
  };
}

const without = (closing: Context['closing'], orderId: string) =>
  closing.filter((ticket) => ticket.orderId !== orderId);

const isAmong = ({ closing }: Context, orderId: string): boolean =>
  closing.some((ticket) => ticket.orderId === orderId);
const isLast = (context: Context, orderId: string) => context.closing.length === 1 && isAmong(context, orderId);

const answered = ({ traderId }: Context, outcome: TraderAnswered['outcome']): TraderAnswered => ({
  type: 'trader.answered',
  traderId,
  outcome,
});

export const traderMachine = setup({
  types: { context: {} as Context, events: {} as Event, emitted: {} as Emitted },
  delays: { windDownMax: WIND_DOWN_MAX_MS },
  guards: {
    hasOpenOrders: (_, { orderIds }: OrdersOpenAnswered) => orderIds.length > 0,
    isFlat: (_, answer: PortfolioAnswered) => openPositions(answer).length === 0,
    isClosing: ({ context }, { orderId }: OrderFilled | OrderEnded) => isAmong(context, orderId),
    closesLast: ({ context }, { orderId, end }: OrderFilled) => end && isLast(context, orderId),
    /** The market took a part of it: what is left is worth another order. */
    closedPart: ({ context }, { orderId, filledQuantity }: OrderEnded) =>
      isPositive(filledQuantity) && isAmong(context, orderId),
    closedPartOfLast: ({ context }, { orderId, filledQuantity }: OrderEnded) =>
      isPositive(filledQuantity) && isLast(context, orderId),
  },
  actions: {
    create: assign((_, { traderId, accountId }: TraderCreate) => ({ traderId, accountId })),
    tellCreated: emit((_, { type, at, ...trader }: TraderCreate) => ({ type: 'trader.created' as const, ...trader })),
    answerCreated: emit(({ context }) => answered(context, 'created')),
    windDown: assign((_, { by }: TraderTerminate) => ({ by })),
    join: assign({}),
    tellWindingDown: emit(({ context: { traderId, accountId, by } }) => ({
      type: 'trader.winding-down' as const,
      traderId,
      accountId,
      by,
    })),
    askOrders: emit(({ context: { traderId } }) => ({
      type: 'orders.open' as const,
      requestId: traderId,
      scope: 'agent' as const,
      targetId: traderId,
      handedOver: false,
    })),
    askPortfolio: emit(({ context: { traderId, accountId } }) => ({
      type: 'portfolio.get' as const,
      accountId,
      requestId: traderId,
    })),
    planClosing: assign(({ context }, answer: PortfolioAnswered) => {
      const round = { ...context, rounds: context.rounds + 1 };
      return { rounds: round.rounds, closing: openPositions(answer).map((position) => closingTicket(round, position)) };
    }),
    submitClosing: enqueueActions(({ context, enqueue }) => {
      for (const ticket of context.closing) enqueue.emit({ type: 'order.submit', ticket });
    }),
    /** What is open has arrived, and what has ended is none of `closing` any more: its facts were read before this answer. */
    submitMissing: enqueueActions(({ context, enqueue }, { orderIds }: OrdersOpenAnswered) => {
      for (const ticket of context.closing)
        if (!orderIds.includes(ticket.orderId)) enqueue.emit({ type: 'order.submit', ticket });
    }),
    cancelClosing: enqueueActions(({ context: { closing, by }, enqueue }) => {
      for (const { orderId } of closing)
        enqueue.emit({ type: 'order.cancel', orderId, by, reason: 'the wind-down was given up' });
    }),
    dropClosed: assign(({ context }, { orderId, end }: OrderFilled) =>
      end ? { closing: without(context.closing, orderId) } : {},
    ),
    dropEnded: assign(({ context }, { orderId }: OrderEnded) => ({ closing: without(context.closing, orderId) })),
    tellReactivated: emit(({ context: { traderId, accountId } }, reason: string) => ({
      type: 'trader.reactivated' as const,
      traderId,
      accountId,
      reason,
    })),
    answerPending: emit(({ context }, { orderIds }: OrdersOpenAnswered) => ({
      ...answered(context, 'pending-trades'),
      pendingTrades: orderIds.length,
    })),
    answerFailed: emit(({ context }, reason: string) => ({ ...answered(context, 'close-failed'), reason })),
    forgetClosing: assign({ closing: [] }),
    tellTerminated: emit(({ context: { traderId, accountId, by } }) => ({
      type: 'trader.terminated' as const,
      traderId,
      accountId,
      by,
    })),
    answerTerminated: emit(({ context }) => answered(context, 'terminated')),
  },
}).createMachine({
  id: 'trader',
  context: { traderId: '', accountId: '', by: '', rounds: 0, closing: [] },
  initial: 'new',
  states: {
    new: {
      on: {
        'trader.create': {
          target: 'active',
          actions: [
            { type: 'create', params: ({ event }) => event },
            { type: 'tellCreated', params: ({ event }) => event },
            'answerCreated',
          ],
        },
      },
    },
    active: {
      on: {
        'trader.create': { actions: 'answerCreated' },
        'trader.terminate': {
          target: 'windingDown',
          actions: [{ type: 'windDown', params: ({ event }) => event }, 'tellWindingDown'],
        },
      },
    },
    windingDown: {
      initial: 'checkingOrders',
      // A second termination waits for the same outcome.
      on: { 'trader.terminate': { actions: 'join' } },
      after: {
        windDownMax: {
          target: 'active',
          actions: [
            'cancelClosing',
            'forgetClosing',
            { type: 'tellReactivated', params: 'positions were not closed in time' },
            { type: 'answerFailed', params: 'positions were not closed in time' },
          ],
        },
      },
      states: {
        checkingOrders: {
          entry: 'askOrders',
          on: {
            resumed: { actions: 'askOrders' },
            'orders.open-answered': [
              {
                guard: { type: 'hasOpenOrders', params: ({ event }) => event },
                target: '#trader.active',
                actions: [
                  { type: 'tellReactivated', params: 'orders are open' },
                  { type: 'answerPending', params: ({ event }) => event },
                ],
              },
              { target: 'checkingPositions' },
            ],
          },
        },
        checkingPositions: {
          entry: 'askPortfolio',
          on: {
            resumed: { actions: 'askPortfolio' },
            'portfolio.answered': [
              {
                guard: { type: 'isFlat', params: ({ event }) => event },
                target: '#trader.terminated',
                actions: ['tellTerminated', 'answerTerminated'],
              },
              {
                target: 'closing',
                actions: [{ type: 'planClosing', params: ({ event }) => event }, 'submitClosing'],
              },
            ],
          },
        },
        closing: {
          on: {
            resumed: { actions: 'askOrders' },
            'orders.open-answered': { actions: { type: 'submitMissing', params: ({ event }) => event } },
            'order.filled': [
              // The portfolio says whether it is flat: it has read this fill before it answers.
              {
                guard: { type: 'closesLast', params: ({ event }) => event },
                target: 'checkingPositions',
                actions: { type: 'dropClosed', params: ({ event }) => event },
              },
              {
                guard: { type: 'isClosing', params: ({ event }) => event },
                actions: { type: 'dropClosed', params: ({ event }) => event },
              },
            ],
            'order.ended': [
              {
                guard: { type: 'closedPartOfLast', params: ({ event }) => event },
                target: 'checkingPositions',
                actions: { type: 'dropEnded', params: ({ event }) => event },
              },
              {
                guard: { type: 'closedPart', params: ({ event }) => event },
                actions: { type: 'dropEnded', params: ({ event }) => event },
              },
              {
                guard: { type: 'isClosing', params: ({ event }) => event },
                target: '#trader.active',
                actions: [
                  { type: 'dropEnded', params: ({ event }) => event },
                  'cancelClosing',
                  'forgetClosing',
                  { type: 'tellReactivated', params: ({ event }) => whyNotClosed(event) },
                  { type: 'answerFailed', params: ({ event }) => whyNotClosed(event) },
                ],
              },
            ],
          },
        },
      },
    },
    terminated: { type: 'final' },
  },
});

function whyNotClosed({ symbol, end, reason, denial }: OrderEnded): string {
  return `the closing order for ${symbol} was ${end}: ${denial?.explanation ?? reason ?? 'no reason was given'}`;
}
