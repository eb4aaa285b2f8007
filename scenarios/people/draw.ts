/** What every part of a script is drawn with: one seeded stream, the steps so far, and a trade within what the market usually allows. */
import type { Random } from '../../runtime/ports.ts';
import type { Deed, Step } from './script.ts';

export const SYMBOLS = ['AAPL', 'NVDA', 'MSFT', 'EURUSD', 'BTCUSD'] as const;

export class Draw {
  readonly steps: Step[] = [];

  constructor(
    readonly random: Random,
    readonly until: number,
  ) {}

  chance(ratio: number): boolean {
    return this.random.next() < ratio;
  }
  between(low: number, high: number): number {
    return low + this.random.next() * (high - low);
  }
  ms(low: number, high: number): number {
    return Math.floor(this.between(low, high));
  }
  pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.random.next() * all.length)]!;
  }
  add(atMs: number, who: string, deed: Deed): void {
    if (atMs < this.until) this.steps.push({ atMs: Math.floor(atMs), who, deed });
  }
}

export function tradeOf(draw: Draw, value: number): Extract<Deed, { do: 'trade' }> {
  const side = draw.chance(0.6) ? 'buy' : 'sell';
  const type = draw.chance(0.5) ? 'market' : 'limit';
  // Now and then beyond the collar.
  const away = draw.chance(0.04) ? draw.pick([0.93, 1.07]) : draw.between(0.98, 1.02);
  return { do: 'trade', symbol: draw.pick(SYMBOLS), side, type, priceRatio: draw.chance(0.5) ? 1 : away, value };
}
