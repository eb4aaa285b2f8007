/** The market of a scenario: walks that follow its script, files beside them, and the times in which nothing is heard of an instrument. */
import { dirname, resolve } from 'node:path';
import { openRecordedFeed } from '../../adapters/feed/recorded.ts';
import { openSimulatedFeed } from '../../adapters/feed/simulated.ts';
import { openReplay } from '../../market/replay.ts';
import type { MarketScript, RegimePeriod, Shock } from '../../market/script.ts';
import type { MarketSource } from '../../market/source.ts';
import type { Quote } from '../../messages/market.ts';
import type { MarketPart, Shock as WrittenShock } from '../file/market-part.ts';
import { replaySpecOf } from '../file/replay-files.ts';
import type { Scenario } from '../file/schema.ts';
import type { HeldMarket } from '../held-market.ts';
import type { World } from '../world.ts';
import type { MarketPorts } from '../world-options.ts';

/** Quotes of one file in memory. */
interface Recorded {
  readonly symbol: string;
  readonly quotes: readonly Quote[];
}

const QUOTES_MAX = 2_000_000;

/** Reads the files of a scenario up to its end, moved so that the first quote stands at `startAt`. Throws what the files are refused for. */
export async function readQuotes(
  { market, until }: Scenario,
  file: string,
  startAt: number,
): Promise<readonly Recorded[]> {
  const all: Recorded[] = [];
  for (const { file: path, instrument } of market.replay) {
    const spec = replaySpecOf(resolve(dirname(file), path), instrument);
    const quotes: Quote[] = [];
    let shiftMs: number | undefined;
    for await (const { quote } of openReplay(spec).quotes(0)) {
      shiftMs ??= startAt - (quote.at ?? 0);
      const at = (quote.at ?? 0) + shiftMs;
      if (at > startAt + until || quotes.length >= QUOTES_MAX) break;
      quotes.push({ ...quote, at });
    }
    all.push({ symbol: spec.instrument.symbol, quotes });
  }
  return all;
}

const symbolsOf = (instrument: string, all: readonly string[]): readonly string[] =>
  instrument === 'all' ? all : [instrument];

export class MarketPlan {
  readonly script: { readonly periods: RegimePeriod[]; readonly shocks: Shock[] };

  constructor(
    private readonly part: MarketPart,
    private readonly symbols: readonly string[],
    private readonly startAt: number,
    private readonly endAt: number,
    private readonly recorded: readonly Recorded[],
  ) {
    const periods = part.regimes.flatMap(({ instrument, from, until, regime, drift, volatility }) =>
      symbolsOf(instrument, symbols).map((symbol) => ({
        symbol,
        fromMs: startAt + from,
        untilMs: until === undefined ? endAt : startAt + until,
        regime,
        driftDailyRatio: drift,
        volatilityDailyRatio: volatility,
      })),
    );
    this.script = { periods, shocks: [] };
    for (const shock of part.shocks) this.shock(shock, startAt + shock.at);
  }

  shock({ instrument, jump, over }: WrittenShock, atMs: number): void {
    for (const symbol of symbolsOf(instrument, this.symbols))
      this.script.shocks.push({ symbol, atMs, ratio: jump, overMs: over });
  }

  /** Nothing of it comes from a file, which has no time before its beginning. */
  get isInvented(): boolean {
    return this.recorded.length === 0;
  }

  /** Instruments with a file are quoted from it, the others walk. */
  open({ instruments, clock, random }: MarketPorts): MarketSource {
    const fromFiles = new Set(this.recorded.map(({ symbol }) => symbol));
    const script: MarketScript = this.script;
    const walking = instruments.filter(({ symbol }) => !fromFiles.has(symbol));
    const walks = openSimulatedFeed({ instruments: walking, clock, random, script });
    const files = this.recorded.map(({ symbol, quotes }) => openRecordedFeed({ quotes, symbols: [symbol], clock }));
    return files.length === 0 ? walks : together(walking.length === 0 ? files : [walks, ...files]);
  }

  /** Lets gaps, freezes and halts begin and end in their time. */
  arm(world: World): void {
    const { gaps, freezes, halts } = this.part;
    const edges = [...gaps, ...freezes, ...halts].flatMap(({ from, until }) => [
      this.startAt + from,
      until === undefined ? this.endAt : this.startAt + until,
    ]);
    for (const edge of new Set(edges.sort((a, b) => a - b)))
      world.runner.clock.at('market', edge, () => world.holdMarket(this.heldAt(world.now)));
  }

  private heldAt(now: number): HeldMarket {
    const { gaps, freezes, halts } = this.part;
    const held = (periods: MarketPart['gaps']): Set<string> =>
      new Set(
        periods
          .filter(
            ({ from, until }) =>
              now >= this.startAt + from && now < (until === undefined ? this.endAt : this.startAt + until),
          )
          .flatMap(({ instrument }) => symbolsOf(instrument, this.symbols)),
      );
    return { silent: held(gaps), frozen: held(freezes), halted: held(halts) };
  }
}

/** Several sources as one. */
function together(sources: readonly MarketSource[]): MarketSource {
  return {
    name: sources.map(({ name }) => name).join('+'),
    start(emit) {
      for (const source of sources) source.start(emit);
    },
    stop: async () => void (await Promise.all(sources.map((source) => source.stop()))),
    describe() {
      const all = sources.map((source) => source.describe());
      const simulated = all.some((one) => one.simulated);
      return {
        kind: simulated ? 'simulated' : 'replay',
        simulated,
        symbols: all.flatMap(({ symbols }) => symbols),
        progress: {
          position: all.reduce((sum, { progress }) => sum + progress.position, 0),
          ended: all.every(({ progress }) => progress.ended),
        },
      };
    },
  };
}
