/**
 * Traders who trade all the time, whatever dies: immediate and resting orders, cancels, orders that wait for a person, repeats of old
 * keys, connections cut in the middle. Each request is told again until it is answered.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../runtime/ports.ts';
import { Acknowledged, type Said } from './acknowledged.ts';
import { type Answer, type Call, insist, tryOnce } from './caller.ts';
import { openTrader } from './episode.ts';
import type { Stage } from './stage.ts';

const TRADERS = 10;
const FIRST_PRICES: Readonly<Record<string, number>> = { AAPL: 149, MSFT: 418 };
const SYMBOLS = Object.keys(FIRST_PRICES);
/** Orders a minute and trader stay below the house's own limit of 200. */
const PAUSE_MIN_MS = 150;
const PAUSE_SPREAD_MS = 300;
/** Above the threshold of what needs no person. */
const HELD_QUANTITY = 400;
const CUT_MAX_MS = 60;

interface Sent {
  readonly call: Call & { readonly key: string };
  readonly orderId: string;
}

export interface Load {
  readonly acknowledged: Acknowledged;
  readonly traderIds: readonly string[];
  /** Lets every trader finish what it is about. */
  stop(): Promise<void>;
}

export async function startLoad(stage: Stage, random: Random): Promise<Load> {
  const acknowledged = new Acknowledged();
  const traders: Trader[] = [];
  for (let index = 0; index < TRADERS; index += 1) {
    const traderId = await openTrader(stage, `load-${index}`);
    traders.push(new Trader(stage, traderId, random.fork(`trader-${index}`), acknowledged));
  }
  const running = traders.map((trader) => trader.run());
  return {
    acknowledged,
    traderIds: traders.map(({ traderId }) => traderId),
    async stop() {
      for (const trader of traders) trader.stopping = true;
      await Promise.all(running);
    },
  };
}

class Trader {
  stopping = false;
  private orders = 0;
  private readonly lastPrices = new Map<string, number>();
  private readonly resting: string[] = [];
  private readonly held: { requestId: string; orderId: string }[] = [];
  private readonly sent: Sent[] = [];

  constructor(
    private readonly stage: Stage,
    readonly traderId: string,
    private readonly random: Random,
    private readonly acknowledged: Acknowledged,
  ) {}

  async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.act();
      } catch (error) {
        this.acknowledged.broken.push(String(error));
      }
      await sleep(PAUSE_MIN_MS + this.random.next() * PAUSE_SPREAD_MS);
    }
  }

  private act(): Promise<void> {
    const draw = this.random.next();
    const [resting] = this.resting;
    const [held] = this.held;
    if (draw < 0.15 && resting !== undefined) return this.cancel();
    if (draw < 0.25 && held) return this.decide(held);
    if (draw < 0.32 && this.sent.length > 0) return this.repeat();
    if (draw < 0.4) return this.order('held');
    if (draw < 0.6) return this.order('resting');
    return this.order(draw < 0.8 ? 'marketable' : 'market');
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random.next() * list.length)]!;
  }

  private async priceOf(symbol: string): Promise<number> {
    const answer = await tryOnce(this.stage, { method: 'GET', path: `/api/snapshot/${symbol}` });
    if (answer?.status === 200) this.lastPrices.set(symbol, Number(answer.body.last_price));
    return this.lastPrices.get(symbol) ?? FIRST_PRICES[symbol]!;
  }

  private async order(kind: 'market' | 'marketable' | 'resting' | 'held'): Promise<void> {
    const symbol = this.pick(SYMBOLS);
    const side = this.orders % 2 === 0 ? 'buy' : 'sell';
    const last = await this.priceOf(symbol);
    const away = kind === 'resting' ? 0.97 : 1.01;
    const price = Number((side === 'buy' ? last * away : last / away).toFixed(2));
    const quantity = kind === 'held' ? HELD_QUANTITY : 1 + Math.floor(this.random.next() * 3);
    this.orders += 1;
    const call = {
      method: 'POST',
      path: `/api/v1/agents/${this.traderId}/trades`,
      key: `${this.traderId}-${this.orders}`,
      body: { symbol, side, quantity, price, type: kind === 'resting' || kind === 'marketable' ? 'limit' : 'market' },
    } as const;
    const cut = this.random.next() < 0.15 ? { cutAfterMs: 1 + Math.floor(this.random.next() * CUT_MAX_MS) } : {};
    const orderId = this.take(call.key, await insist(this.stage, { ...call, ...cut }), undefined);
    if (orderId !== undefined) this.sent.push({ call, orderId });
  }

  /** The order that was taken, if one was. */
  private take(key: string, { status, body, tries }: Answer, earlier: string | undefined): string | undefined {
    if (tries > 1) this.acknowledged.retried += 1;
    const trade = (status === 202 ? body.trade : body) as { id: string; status: Said };
    if (status !== 201 && status !== 202) {
      this.acknowledged.refused += 1;
      if (earlier !== undefined) this.acknowledged.broken.push(`${earlier} was taken, a repeat got ${status}`);
      return undefined;
    }
    this.acknowledged.took(key, this.traderId, trade.id, trade.status, earlier);
    if (earlier !== undefined) return trade.id;
    if (trade.status === 'pending') this.resting.push(trade.id);
    const request = body.oversightRequest as { id: string } | undefined;
    if (request) this.held.push({ requestId: request.id, orderId: trade.id });
    return trade.id;
  }

  private async repeat(): Promise<void> {
    const { call, orderId } = this.pick(this.sent);
    this.take(call.key, await insist(this.stage, call), orderId);
  }

  private async cancel(): Promise<void> {
    const orderId = this.resting.shift()!;
    const path = `/api/v1/agents/${this.traderId}/trades/${orderId}`;
    const { status } = await insist(this.stage, { method: 'DELETE', path });
    if (status === 200) this.acknowledged.heard(orderId, 'cancelled');
    else if (status !== 409) this.acknowledged.broken.push(`the cancel of ${orderId} was answered with ${status}`);
  }

  /** A request whose price has left its band stays pending, and is decided another time. */
  private async decide({ requestId, orderId }: { requestId: string; orderId: string }): Promise<void> {
    const approves = this.random.next() < 0.7;
    const path = `/api/v1/oversight/requests/${requestId}/${approves ? 'approve' : 'reject'}`;
    const body = approves ? {} : { reason: 'not in this market' };
    const answer = await insist(this.stage, { method: 'POST', path, body, key: `${requestId}-${this.sent.length}` });
    const error = answer.body.error as { code: string } | undefined;
    if (error?.code === 'APPROVAL_STALE') return;
    this.held.shift();
    if (answer.status === 200) this.acknowledged.heard(orderId, approves ? 'approved' : 'cancelled');
    else this.acknowledged.broken.push(`deciding ${requestId} was answered with ${answer.status} ${error?.code ?? ''}`);
  }
}
