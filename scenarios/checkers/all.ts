/** All checkers, in the order of their invariants. Each run takes a fresh one of each; without settings they expect the development profile. */
import { chainUnbroken } from './chain-unbroken.ts';
import type { CheckedSettings, Checker } from './checker.ts';
import { comesToRest } from './comes-to-rest.ts';
import { endsAreFinal } from './ends-are-final.ts';
import { exposureWithinLimits } from './exposure-within-limits.ts';
import { fillsWithinQuantity } from './fills-within-quantity.ts';
import { moneyConserved } from './money-conserved.ts';
import { nothingSentInAHalt } from './nothing-sent-in-a-halt.ts';
import { oneVenueOrder } from './one-venue-order.ts';
import { positionsAgree } from './positions-agree.ts';
import { quotaWithinLimits } from './quota-within-limits.ts';
import { rowsEqualRecords } from './rows-equal-records.ts';
import { sentAsApproved } from './sent-as-approved.ts';
import { developmentSettings } from './settings.ts';
import { tablesEqualRecords } from './tables-equal-records.ts';

export type CheckerFactory = (settings?: CheckedSettings) => Checker;

export const CHECKERS: readonly CheckerFactory[] = [
  fillsWithinQuantity,
  positionsAgree,
  nothingSentInAHalt,
  sentAsApproved,
  oneVenueOrder,
  moneyConserved,
  (settings = developmentSettings()) => exposureWithinLimits(settings),
  chainUnbroken,
  (settings = developmentSettings()) => quotaWithinLimits(settings),
  rowsEqualRecords,
  endsAreFinal,
  comesToRest,
  tablesEqualRecords,
];
