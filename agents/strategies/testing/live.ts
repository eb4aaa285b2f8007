/** A live run alone on a stage, for tests of its agent: ticks in, orders out. */
import { expect } from 'vitest';
import type { LiveCollected } from '../../../messages/live.ts';
import type { Quote } from '../../../messages/market.ts';
import type { OrderEnded, OrderFilled, OrderSubmit } from '../../../messages/order.ts';
import type { RunCreated, RunSignalled, TaskView } from '../../../messages/run.ts';
import type { BacktestPart } from '../../../runs/backtest/payload.ts';
import type { Message } from '../../../runtime/message.ts';
import { type Stage, stage } from '../../testing/stage.ts';
import type { LiveState } from '../state.ts';
import { strategiesAgent } from '../strategies.ts';

const TASK: TaskView = {
  ...{ taskType: 'trading', name: 'Live', strategyType: 'max', symbol: 'EURUSD', dataSource: 'store' },
  ...{ granularity: 'ticks', startAt: null, endAt: null, accountId: 'demo-fx', surface: 'executions', labels: {} },
  ...{ userId: 'user-1', taskId: 3, requestId: 'r', sequence: 1, createdAt: 1, executions: 1 },
  parameters: { impulse: 3, pullback: 2, confirmation: 1, target: 4, stop: 4, quantity: 10 },
};
export const ORDER = 'trade-run-7-1';

export class Live {
  readonly stage: Stage;
  readonly begun: readonly Message[];
  private taken = 0;

  /** `reread` stands for another build: what it makes of the rows at a restart. */
  constructor(over: Partial<TaskView> = {}, reread?: (row: LiveState) => LiveState, by = 'user-1') {
    const agent = strategiesAgent();
    const { keyed } = agent;
    if (keyed && reread)
      this.stage = stage({ ...agent, keyed: { ...keyed, awake: (row) => reread(row as LiveState) } });
    else this.stage = stage(agent);
    const created: RunCreated = { type: 'run.created', executionId: 7, task: { ...TASK, ...over }, by };
    this.begun = this.stage.tell(created);
  }

  /** A second a price; both sides of the market are the same. */
  see(...prices: number[]): Message[] {
    return prices.flatMap((price) => {
      const waited = this.stage.advance(1_000);
      const quote: Quote = {
        type: 'market.quote',
        symbol: 'EURUSD',
        bid: price,
        ask: price,
        last: price,
        simulated: false,
      };
      return [...waited, ...this.stage.publish(quote)];
    });
  }

  /** Impulse, pullback, confirmation. */
  enter(): OrderSubmit {
    return submitOf(this.see(100, 103, 101, 102));
  }

  filled(orderId: string, quantity: number, price: number, over: Partial<OrderFilled> = {}): Message[] {
    const fact = { type: 'order.filled', orderId, traderId: 't', accountId: 'demo-fx', symbol: 'EURUSD', side: 'buy' };
    const fill = { executionId: `${orderId}-x`, quantity: String(quantity), price: String(price), commission: '0.5' };
    const sums = { filledQuantity: String(quantity), leavesQuantity: '0', averagePrice: String(price), end: true };
    return this.stage.tell({ ...fact, ...fill, ...sums, ...over } as OrderFilled);
  }

  ended(orderId: string, end: OrderEnded['end'], over: Partial<OrderEnded> = {}): Message[] {
    const fact = { type: 'order.ended', orderId, traderId: 't', accountId: 'demo-fx', symbol: 'EURUSD' };
    return this.stage.tell({ ...fact, end, filledQuantity: '0', ...over } as OrderEnded);
  }

  signal(signal: RunSignalled['signal'], by = 'user-2'): Message[] {
    return this.stage.tell({ type: 'run.signalled', executionId: 7, taskId: 3, signal, by } as RunSignalled);
  }

  collected(taken = 0): BacktestPart {
    const said = this.stage.tell({ type: 'live.collect', executionId: 7, taken } as Message);
    const [answer] = said.filter(({ type }) => type === 'live.collected') as LiveCollected[];
    return JSON.parse(answer?.output ?? 'null') as BacktestPart;
  }

  get stands(): object {
    return this.stage.tell({ type: 'live.get', executionId: 7 } as Message)[0] as object;
  }

  /** What it has complained of since the last time. */
  complaints(): string[] {
    const { events } = this.collected(this.taken);
    this.taken += 1;
    return events.flatMap((event) => (event.type === 'error_occurred' ? [event.message] : []));
  }
}

export function submitOf(said: readonly Message[]): OrderSubmit {
  const submits = said.filter(({ type }) => type === 'order.submit') as OrderSubmit[];
  expect(submits).toHaveLength(1);
  return submits[0] as OrderSubmit;
}
export const submits = (said: readonly Message[]): number => said.filter(({ type }) => type === 'order.submit').length;
export const cancels = (said: readonly Message[]) => said.filter(({ type }) => type === 'order.cancel');
