/**
 * Builds bars of all timeframes from ticks in one pass: ticks make minutes, finished minutes make the longer bars. Buckets begin at whole
 * multiples of their length since 1970 in UTC, a day therefore at midnight UTC. Rows are parts: a bucket that comes again has another one.
 */
import { midUnits, type TickKind } from '../columns.ts';
import { BarBuffer } from './bar-buffer.ts';
import { CHUNK_BARS } from './bar-chunk.ts';
import { TIMEFRAMES, TIMEFRAMES_MS, type Timeframe } from './store.ts';
import type { StoredTicks } from './tick-buffer.ts';

const [MINUTE, ...LONGER] = TIMEFRAMES;
const MINUTE_MS = TIMEFRAMES_MS['1m'];

export class BarBuilder {
  private readonly minute = new BarBuffer(1);
  private readonly buffers = new Map<Timeframe, BarBuffer>(
    TIMEFRAMES.map((timeframe) => [timeframe, new BarBuffer(CHUNK_BARS)]),
  );
  private endMs = Number.NEGATIVE_INFINITY;

  /** `full` takes the rows of a buffer before it is emptied; `mayAdd` may keep a minute out of a bar that is known as a whole. */
  constructor(
    private readonly full: (timeframe: Timeframe, bars: BarBuffer) => void,
    private readonly mayAdd: (timeframe: Timeframe, minuteMs: number) => boolean = () => true,
  ) {}

  /** Ticks in the order of their time; a later call may begin before the last one ended. */
  add(ticks: StoredTicks, kind: TickKind): void {
    const { length, atMs, price, bid, ask, volume } = ticks;
    const { minute } = this;
    const isMid = kind === 'quotes';
    for (let index = 0; index < length; index += 1) {
      const at = atMs[index]!;
      const traded = isMid ? midUnits(bid[index]!, ask[index]!) : price[index]!;
      if (at >= this.endMs || at < minute.startMs[0]! + minute.closedMs[0]!) {
        this.endMinute();
        this.openMinute(at, traded, volume[index]!);
        continue;
      }
      if (traded > minute.high[0]!) minute.high[0] = traded;
      if (traded < minute.low[0]!) minute.low[0] = traded;
      minute.close[0] = traded;
      minute.volume[0] = minute.volume[0]! + volume[index]!;
      minute.ticks[0] = minute.ticks[0]! + 1;
      minute.closedMs[0] = at - minute.startMs[0]!;
    }
  }

  /** Hands over everything that is left. */
  finish(): void {
    this.endMinute();
    for (const [timeframe, bars] of this.buffers) this.flush(timeframe, bars);
  }

  private openMinute(at: number, price: number, volume: number): void {
    const { minute } = this;
    const start = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    minute.startMs[0] = start;
    minute.open[0] = price;
    minute.high[0] = price;
    minute.low[0] = price;
    minute.close[0] = price;
    minute.volume[0] = volume;
    minute.ticks[0] = 1;
    minute.openedMs[0] = at - start;
    minute.closedMs[0] = at - start;
    minute.length = 1;
    this.endMs = start + MINUTE_MS;
  }

  private endMinute(): void {
    const { minute } = this;
    if (minute.length === 0) return;
    this.put(MINUTE!, minute.startMs[0]!);
    for (const timeframe of LONGER) {
      const lengthMs = TIMEFRAMES_MS[timeframe];
      this.put(timeframe, Math.floor(minute.startMs[0]! / lengthMs) * lengthMs);
    }
    minute.length = 0;
    this.endMs = Number.NEGATIVE_INFINITY;
  }

  private put(timeframe: Timeframe, startMs: number): void {
    if (!this.mayAdd(timeframe, this.minute.startMs[0]!)) return;
    const bars = this.buffers.get(timeframe)!;
    if (bars.length > 0 && bars.startMs[bars.length - 1] === startMs) {
      bars.absorb(bars.length - 1, this.minute, 0);
      return;
    }
    if (bars.isFull) this.flush(timeframe, bars);
    bars.append(startMs, this.minute, 0);
  }

  private flush(timeframe: Timeframe, bars: BarBuffer): void {
    if (bars.length === 0) return;
    this.full(timeframe, bars);
    bars.length = 0;
  }
}
