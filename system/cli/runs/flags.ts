/** The options that all commands share which run a strategy over a series. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { instantOf } from '../../../api/kit/instant.ts';
import { ZONES, type Zone } from '../../../market/importers/zones.ts';
import { TIMEFRAMES, type Timeframe } from '../../../market/series/store.ts';
import type { Costs } from '../../../runs/engine/terms.ts';
import { STRATEGIES } from '../../../strategies/all.ts';
import { collectPairs } from './parameters.ts';

export interface SeriesFlags {
  readonly file?: string;
  readonly symbol?: string;
  readonly zone?: Zone;
  readonly stampsStart?: boolean;
  readonly instrument?: string;
  readonly from?: number;
  readonly to?: number;
  readonly bars?: Timeframe;
}

export interface RunFlags extends SeriesFlags, Costs {
  readonly strategy: string;
  readonly param: Readonly<Record<string, string>>;
}

const IN_UTC = /^[\d-]{10}(T[\d:.]+Z?)?$/;

/** Epoch milliseconds; a time without a zone is UTC. */
function instant(text: string): number {
  const at = IN_UTC.test(text) ? instantOf(text) : undefined;
  if (at === undefined)
    throw new InvalidArgumentError('It must be a date, or a time in UTC: 2026-01-05 or 2026-01-05T14:30:00Z.');
  return at;
}

export function decimal(text: string): number {
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) throw new InvalidArgumentError('It must be a number from 0.');
  return Number(text);
}

export const addRunOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--strategy <name>', 'what is run').choices(STRATEGIES.map(({ name }) => name)).makeOptionMandatory(),
    )
    .option('--param <name=value>', 'a parameter of the strategy; may be repeated', collectPairs, {})
    .option('--file <file>', 'a file of ticks or bars, plain or gzip, read as `import` reads it and kept nowhere')
    .option('--symbol <symbol>', "the file's instrument; else the beginning of its name")
    .addOption(new Option('--zone <zone>', 'the clock that the file was written by').choices(ZONES))
    .option('--stamps-start', "the file's bars are stamped at their beginning, where its layout would say their end")
    .option('--instrument <symbol>', 'instead of a file: the stored series of this instrument')
    .option('--from <time>', 'first moment, UTC', instant)
    .option('--to <time>', 'first moment behind, UTC', instant)
    .addOption(new Option('--bars <length>', 'over bars made of the ticks').choices(TIMEFRAMES))
    .option('--spread-ticks <ticks>', 'added to the spread of the data', decimal, 0)
    .option('--slippage-ticks <ticks>', 'against market and stop orders', decimal, 0)
    .option('--commission-bps <bps>', 'of the notional, each side', decimal, 0)
    .option('--commission-per-unit <amount>', 'in account currency, each side', decimal, 0)
    .option('--latency-ms <ms>', 'from the decision to the first tick that may fill it', decimal, 0);

export const costsOf = (flags: Costs): Costs => {
  const { spreadTicks, slippageTicks, commissionBps, commissionPerUnit, latencyMs } = flags;
  return { spreadTicks, slippageTicks, commissionBps, commissionPerUnit, latencyMs };
};
