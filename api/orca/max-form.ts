/** What the forms of the `max` strategy have in common: its keys and its side, checked, as parameters of the strategy. */
import { z } from '@hono/zod-openapi';
import { findInstrument } from '../../domain/instrument.ts';
import { readExitKey, readPointKey } from '../../strategies/max-keys.ts';
import { invalid } from '../kit/problem.ts';

export const side = z.enum(['long', 'short', 'both']);
export const text = z.string().min(1).max(200);
export const notes = z.string().max(2_000).optional();
export const contract = z.string().min(1).max(40);

interface Keys {
  readonly point: { readonly field: string; readonly key: string };
  readonly exit: { readonly field: string; readonly key: string };
}

/** Throws 422 for a key of another form. */
export function keysOf({ point, exit }: Keys) {
  const points = readPointKey(point.key);
  const exits = readExitKey(exit.key);
  const problems = [
    ...(points
      ? []
      : [{ field: point.field, message: 'Must be impulse_pullback_confirmation_entries, like 15_7_5_2' }]),
    ...(exits ? [] : [{ field: exit.field, message: 'Must be target_stop in points, like 15_15' }]),
  ];
  if (!points || !exits) throw invalid(problems);
  return { ...points, ...exits };
}

/** The instrument's symbol; throws 422. */
export function symbolOf(spelling: string): string {
  const instrument = findInstrument(spelling);
  if (!instrument) throw invalid([{ field: 'contract', message: `Unknown contract ${spelling}` }]);
  return instrument.symbol;
}

/** `maxMode` and `trading_mode` may stand for each other; both have to say the same. */
export function modeOf(maxMode: string | undefined, tradingMode: string | undefined): z.output<typeof side> {
  const said = [maxMode, tradingMode].filter((one) => one !== undefined);
  const modes = [...new Set(said.filter((one) => side.safeParse(one).success))];
  if (said.length === 0) throw invalid([{ field: 'maxMode', message: 'Required' }]);
  const [mode] = modes;
  if (modes.length > 1) throw invalid([{ field: 'trading_mode', message: 'Says something else than maxMode' }]);
  if (mode === undefined) throw invalid([{ field: 'maxMode', message: 'Must be long, short or both' }]);
  return mode as z.output<typeof side>;
}
