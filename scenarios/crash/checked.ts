/** The simulator's checkers, over what real processes have left behind: the same promises, the same eyes. */
import type { VenueCall } from '../../adapters/paper/calls.ts';
import type { Message } from '../../runtime/message.ts';
import { productSettings } from '../../system/product-settings.ts';
import { readSettings } from '../../system/settings.ts';
import { CHECKERS } from '../checkers/all.ts';
import type { Rest } from '../checkers/checker.ts';
import { Folds } from '../checkers/folds/folds.ts';
import { Panel } from '../checkers/panel.ts';
import type { Evidence } from './proofs.ts';
import { PRODUCT_SETTINGS } from './stage.ts';
import type { VenueLine } from './venue-log.ts';

/** Every request was answered: the venue never dies. */
const callsOf = (lines: readonly VenueLine[]): VenueCall[] =>
  lines.flatMap((line) =>
    'answered' in line
      ? [{ at: line.at, call: line.answered, clientOrderId: line.clientOrderId, told: line.told }]
      : [],
  );

export function check({ records, stored, rows, lines, venueOrders }: Evidence): readonly string[] {
  const settings = productSettings(readSettings(PRODUCT_SETTINGS));
  const folds = new Folds();
  const findings: string[] = [];
  let where = '';
  const panel = new Panel(
    CHECKERS.map((make) => make(settings, folds)),
    ({ name }, what) => findings.push(`${name}${where}: ${what}`),
  );
  for (const record of records) {
    where = ` at ${record.sequence}`;
    panel.record({ ...record, message: JSON.parse(record.payload) as Message, landedAt: record.recordedAt });
  }
  const rest: Rest = {
    stored,
    records,
    venueOrders,
    venueCalls: callsOf(lines),
    healed: true,
    now: records.at(-1)?.recordedAt ?? 0,
    // Those of a process that is dead are gone with it.
    deadLetters: new Map(),
    rows: (table) => rows[table as keyof typeof rows],
  };
  where = '';
  panel.rest(rest);
  return findings;
}
