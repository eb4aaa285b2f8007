/**
 * Somebody who knows the rules: his traders, what he asks for by their doors, and keys of his own choice. He asks as anybody does, with his
 * own token, and only once: whatever was refused or cut stays so.
 */
import { exact } from '../../../domain/decimal.ts';
import { findInstrument } from '../../../domain/instrument.ts';
import type { Answer } from '../../exchange.ts';
import { type Person, parsed } from '../person.ts';

export interface Order {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly price: number;
  readonly type: 'market' | 'limit';
}

export type Held = Pick<Order, 'symbol' | 'quantity'>;

/** What an attack is told: where, and with how much of the room that he has. */
export interface Aim {
  readonly symbol: string;
  /** In account currency. */
  readonly value: number;
  /** Which of several, from 0 to 1. */
  readonly choice: number;
}

export type Attack = (attacker: Attacker, aim: Aim) => Promise<unknown>;

const BUDGET = 1_000_000;

/** The nearest multiple of a step; the first one where that is nothing. */
function stepped(value: number, step: string): number {
  const steps = Math.max(1, Math.round(value / Number(step)));
  return Number(exact(String(steps)).times(step).toFixed());
}

export class Attacker {
  private asked = 0;
  private other: Promise<string | undefined> | undefined;

  constructor(
    readonly person: Person,
    private readonly sub: string,
    /** The trader that is made of his name. */
    private readonly own: () => Promise<string | undefined>,
  ) {}

  /** A key that nobody has used. */
  key(): string {
    this.asked += 1;
    return `${this.person.name}-attack-${this.asked}`;
  }

  trader(): Promise<string | undefined> {
    return this.own();
  }

  secondTrader(): Promise<string | undefined> {
    this.other ??= this.newTrader();
    return this.other;
  }

  async newTrader(): Promise<string | undefined> {
    const body = { name: `${this.person.name} again`, type: 'trading', config: { budget: BUDGET }, userId: this.sub };
    return parsed<{ id: string }>(await this.person.insist('POST', '/api/v1/agents', body))?.id;
  }

  /** So much at the price that the market asks; undefined while nobody knows any. */
  order({ symbol, value }: Aim, changes: Partial<Order> = {}): Order | undefined {
    const quote = this.person.world.quote(symbol);
    if (!quote) return undefined;
    const near = changes.side === 'sell' ? quote.bid : quote.ask;
    const { quantityStep = '1', tickSize = '1' } = findInstrument(symbol) ?? {};
    const quantity = stepped(value / near, quantityStep);
    return {
      symbol,
      side: 'buy',
      type: 'market',
      quantity,
      ...changes,
      price: stepped(changes.price ?? near, tickSize),
    };
  }

  /** The price at a ratio of what the market has traded at last. */
  priceAt({ symbol }: Aim, ratio: number): number | undefined {
    const quote = this.person.world.quote(symbol);
    return quote && quote.last * ratio;
  }

  async submit(traderId: string | undefined, order: object | undefined, key = this.key()): Promise<Answer | undefined> {
    if (traderId === undefined || !order) return undefined;
    return this.person.ask('POST', `/api/v1/agents/${traderId}/trades`, order, key);
  }

  /** What a trader holds, by what he is told. */
  async positions(traderId: string): Promise<readonly Held[]> {
    const known = parsed<{ readonly portfolio: { readonly positions: readonly Held[] } }>(
      await this.person.get(`/api/v1/agents/${traderId}`),
    );
    return known?.portfolio.positions ?? [];
  }
}
