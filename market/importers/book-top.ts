/** The best bid and ask of an order book that is told level by level. Invariant: no book, however deep, takes more than its bound of memory. */

/** Beyond it the levels furthest from the market are forgotten: they count only once everything nearer has gone. */
export const LEVELS_MAX = 16_384;

/** Prices of one side, the best one last: changes near the market move little. */
class Levels {
  private readonly prices = new Float64Array(LEVELS_MAX);
  private length = 0;

  /** `sign`: 1 where the highest price is the best, -1 where the lowest is. */
  constructor(private readonly sign: 1 | -1) {}

  get best(): number | undefined {
    return this.length === 0 ? undefined : this.prices[this.length - 1]! * this.sign;
  }

  clear(): void {
    this.length = 0;
  }

  set(price: number, isThere: boolean): void {
    const { prices, sign } = this;
    const value = price * sign;
    const at = this.find(value);
    const isKnown = at < this.length && prices[at] === value;
    if (isKnown === isThere) return;
    if (!isThere) prices.copyWithin(at, at + 1, this.length--);
    else if (this.length < LEVELS_MAX) {
      prices.copyWithin(at + 1, at, this.length++);
      prices[at] = value;
    } else if (at > 0) {
      prices.copyWithin(0, 1, at);
      prices[at - 1] = value;
    }
  }

  /** Index of the first value that is not below. */
  private find(value: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.prices[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export class BookTop {
  private readonly bids = new Levels(1);
  private readonly asks = new Levels(-1);
  /** Of the changes that came last. */
  private atMs = Number.NaN;
  private subMsNs = 0;
  private told = { bid: 0, ask: 0 };
  private isSnapshot = false;

  /** Whether `top` has something to tell before this change is made: all changes of one instant are one. */
  isBehind(atMs: number, subMsNs: number): boolean {
    return atMs !== this.atMs || subMsNs !== this.subMsNs;
  }

  /** A snapshot replaces what was known. */
  change(atMs: number, subMsNs: number, isSnapshot: boolean, isBid: boolean, price: number, amount: number): void {
    if (isSnapshot && !this.isSnapshot) {
      this.bids.clear();
      this.asks.clear();
    }
    this.isSnapshot = isSnapshot;
    this.atMs = atMs;
    this.subMsNs = subMsNs;
    (isBid ? this.bids : this.asks).set(price, amount > 0);
  }

  /** The top as it stood after the last change, where it is another than the one told before. */
  top(): { atMs: number; subMsNs: number; bid: number; ask: number } | undefined {
    const { atMs, subMsNs, told } = this;
    const [bid, ask] = [this.bids.best, this.asks.best];
    if (bid === undefined || ask === undefined || (bid === told.bid && ask === told.ask)) return undefined;
    this.told = { bid, ask };
    return { atMs, subMsNs, bid, ask };
  }
}
