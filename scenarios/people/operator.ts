/**
 * Deeds of people who look after the house: reads at doors that need no trader, proofs, copies and retention of the journal, other limits, a
 * look at the venue's books. A proof that says no, and an answer nobody should ever get, is told as a failure of the world.
 */
import type { TradingLimits } from '../../messages/limits.ts';
import { broughtBack, changedLimits, withoutLimits } from './missing-limits.ts';
import { type Person, parsed } from './person.ts';
import type { Deed } from './script.ts';

export type Operation = Extract<Deed, { do: 'read' | 'upkeep' | 'limits' | 'reconcile' }>;

const HOUSE = '/api/v1/house';

async function prove(person: Person, what: 'verify' | 'replay'): Promise<void> {
  const answer = await person.get(`${HOUSE}/journal/${what}`);
  const said = parsed<{ readonly holds?: boolean; readonly matches?: boolean }>(answer);
  if (said && !(said.holds ?? said.matches))
    person.world.failures.push(`the ${what} of the journal says ${answer?.body}`);
}

async function changeLimits(person: Person, deed: Extract<Operation, { do: 'limits' }>): Promise<void> {
  const path = `${HOUSE}/limits`;
  const present = parsed<{ readonly version: number; readonly limits: TradingLimits | null }>(await person.get(path));
  if (!present) return;
  const known = present.limits ?? undefined;
  const whole = broughtBack(known);
  const limits = 'change' in deed ? changedLimits(deed.change, known) : whole && withoutLimits(whole, deed.missing);
  const reason = 'somebody thinks otherwise';
  await person.insist('PUT', path, { limits, reason, expectedVersion: present.version });
}

export async function operate(person: Person, deed: Operation): Promise<void> {
  switch (deed.do) {
    case 'read':
      return void (await person.get(deed.path));
    case 'limits':
      return changeLimits(person, deed);
    case 'reconcile':
      return void (await person.insist('POST', `${HOUSE}/reconciliation`));
    case 'upkeep':
      switch (deed.what) {
        case 'archive':
          return void (await person.insist('POST', `${HOUSE}/journal/archive`, { keep: deed.keep }));
        case 'backup':
          return void (await person.insist('POST', `${HOUSE}/backup`));
        case 'export':
          return void (await person.get(`${HOUSE}/journal/export`));
        default:
          return prove(person, deed.what);
      }
  }
}
