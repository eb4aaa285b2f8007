/**
 * Interleaved rounds: in each one every side is measured once, another one beginning each time, so that what else the machine does
 * meets all sides alike. Compared is round by round. A side that can't be measured is said to be not measured, and why.
 */
import type { Figure } from './figures.ts';
import { median } from './measure.ts';

/** Undefined: this side has no such figure. */
export type Sampler = () => Promise<number | undefined>;
/** One value a round, or why there is none. */
export type Samples = readonly number[] | { readonly missing: string };

export interface Line {
  readonly figure: string;
  readonly unit: string;
  /** Medians over the rounds; the best ones beside them. */
  readonly ours: number | 'failed' | 'not measured';
  readonly oursBest?: number;
  readonly reference: number | 'not measured';
  readonly referenceBest?: number;
  readonly referenceName: string;
  /** Median over the rounds of how far we are ahead; above 1 we are. */
  readonly ratio?: number;
  /** The least ratio that we ask of ourselves; absent: the reference is shown for comparison only. */
  readonly target?: number;
  /** False also where the reference was measured and ours failed; absent without a target and where nothing could be compared. */
  readonly ok?: boolean;
  readonly note?: string;
}

export async function sampleRounds(
  rounds: number,
  samplers: ReadonlyMap<string, Sampler>,
): Promise<ReadonlyMap<string, Samples>> {
  const values = new Map<string, number[]>([...samplers.keys()].map((name) => [name, []]));
  const missing = new Map<string, string>();
  const names = [...samplers.keys()];
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round) % names.length]!;
      if (missing.has(name)) continue;
      const outcome = await samplers.get(name)!().catch((error: Error) => error);
      if (typeof outcome === 'number') values.get(name)!.push(outcome);
      else missing.set(name, outcome?.message ?? 'there is no such side yet');
    }
  }
  return new Map(names.map((name) => [name, missing.has(name) ? { missing: missing.get(name)! } : values.get(name)!]));
}

const isMeasured = (samples: Samples): samples is readonly number[] => Array.isArray(samples) && samples.length > 0;
const best = (figure: Figure, values: readonly number[]) =>
  figure.better === 'higher' ? Math.max(...values) : Math.min(...values);
const missingOf = (samples: Samples): string | undefined => ('missing' in samples ? samples.missing : undefined);

/** One line for ours beside one reference. */
export function compare(figure: Figure, ours: Samples, referenceName: string, reference: Samples): Line {
  const target = figure.targets[referenceName];
  const ahead = isMeasured(ours) && isMeasured(reference) ? aheadOf(figure, ours, reference) : undefined;
  const isMissed = isMeasured(reference) && !(ahead !== undefined && ahead >= (target ?? 0));
  const note = [missingOf(ours), missingOf(reference)].filter(Boolean).join('; ');
  return {
    figure: figure.name,
    unit: figure.unit,
    ...(isMeasured(ours)
      ? { ours: rounded(median(ours)), oursBest: rounded(best(figure, ours)) }
      : { ours: isMeasured(reference) ? ('failed' as const) : ('not measured' as const) }),
    ...(isMeasured(reference)
      ? { reference: rounded(median(reference)), referenceBest: rounded(best(figure, reference)) }
      : { reference: 'not measured' as const }),
    referenceName,
    ...(ahead !== undefined && { ratio: Number(ahead.toPrecision(3)) }),
    ...(target !== undefined && { target, ...(isMeasured(reference) && { ok: !isMissed }) }),
    ...(note ? { note } : {}),
  };
}

const aheadOf = ({ better }: Figure, ours: readonly number[], reference: readonly number[]): number =>
  median(ours.map((value, round) => (better === 'higher' ? value / reference[round]! : reference[round]! / value)));

const rounded = (value: number): number => Number(value.toPrecision(4));
