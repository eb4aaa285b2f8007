/** What moves the market of a drawn world: shocks, tempers, and times in which an instrument is not traded, not heard of, or stands still. */
import type { World } from '../world.ts';
import type { Deed } from './script.ts';

type Move = Extract<Deed, { do: 'shock' | 'regime' | 'hold' }>;
type Held = Extract<Move, { do: 'hold' }>;

export class MarketHand {
  /** Those that last, in the order in which they began. */
  private readonly held = new Set<Held>();

  constructor(private readonly world: World) {}

  async act(move: Move): Promise<void> {
    const { world } = this;
    const { periods, shocks } = world.marketScript;
    const { symbol } = move;
    switch (move.do) {
      case 'shock':
        shocks.push({ symbol, atMs: world.now + 1, ratio: move.ratio, overMs: move.overMs });
        return;
      case 'regime':
        periods.push({ symbol, fromMs: world.now, untilMs: world.now + move.forMs, regime: move.regime });
        return;
      case 'hold':
        this.held.add(move);
        this.tell();
        await world.runner.sleep(move.forMs);
        this.held.delete(move);
        this.tell();
    }
  }

  private tell(): void {
    const of = (kind: Held['how']): ReadonlySet<string> =>
      new Set([...this.held].flatMap(({ how, symbol }) => (how === kind ? [symbol] : [])));
    this.world.holdMarket({ silent: of('silence'), frozen: of('freeze'), halted: of('halt') });
  }
}
