/** Who is there in a scenario's world, by address: read off the roster of the product, which is made for that and never run. */
import { AUTO_TRADER_ACCOUNT, AUTO_TRADER_ID } from '../../system/product.ts';
import { type RosterOptions, rosterOf } from '../../system/roster.ts';
import type { WorldPart } from '../file/world-part.ts';
import { settingsOf } from './settings.ts';

type Group = ReturnType<typeof rosterOf>;

const unused = (): never => {
  throw new Error('Invariant: a roster that is only read asks nobody for anything');
};
const NOTHING: Pick<RosterOptions, 'venue' | 'books' | 'cashTolerance' | 'runs' | 'monotonic'> = {
  venue: {
    name: 'none',
    idempotency: 'none',
    submit: unused,
    cancel: unused,
    lookup: unused,
    snapshot: unused,
    onReport: unused,
  },
  books: { orders: unused, positions: unused, funds: unused, knows: unused, now: unused, monotonic: unused },
  cashTolerance: '0',
  runs: { begin: unused, signal: unused, forget: unused },
  // Agents look at the clock when they are made.
  monotonic: () => 0,
};

/** The groups that restart them among them, because those are told of as agents are. */
const addressesIn = ({ name, children }: Group): string[] => [
  name,
  ...children.flatMap((child) => ('agent' in child ? [child.agent.address] : addressesIn(child))),
];

/** Limits change nobody's address, and may be wrong where a file is still looked at. */
export function agentsOf(world: WorldPart): string[] {
  const { autoTrader, ...settings } = settingsOf({ ...world, limits: undefined });
  const identity = { traderId: AUTO_TRADER_ID, accountId: AUTO_TRADER_ACCOUNT };
  return addressesIn(
    rosterOf({
      ...settings,
      ...NOTHING,
      fourEyes: settings.api.fourEyes,
      autoTrader: autoTrader && { ...autoTrader, ...identity },
    }),
  );
}
