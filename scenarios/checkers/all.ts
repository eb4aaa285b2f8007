/** All checkers, in the order of their invariants. Each run takes a fresh one of each; without settings they expect the development profile. */

import { developmentProfile } from '../settings.ts';
import { acknowledgedIsDurable } from './acknowledged-is-durable.ts';
import { approvalsAreBound } from './approvals-are-bound.ts';
import { cancelsAreHeard } from './cancels-are-heard.ts';
import { cancelsLeaveAtOnce } from './cancels-leave-at-once.ts';
import { chainUnbroken } from './chain-unbroken.ts';
import type { CheckedSettings, Checker } from './checker.ts';
import { comesToRest } from './comes-to-rest.ts';
import { controlClosesGroups } from './control-closes-groups.ts';
import { deadlinesKept } from './deadlines-kept.ts';
import { endsAreFinal } from './ends-are-final.ts';
import { exitsPass } from './exits-pass.ts';
import { exposureWithinLimits } from './exposure-within-limits.ts';
import { factsBringTheirRows } from './facts-bring-their-rows.ts';
import { fillsWithinQuantity } from './fills-within-quantity.ts';
import type { Folds } from './folds/folds.ts';
import { groupsAreBounded } from './groups-are-bounded.ts';
import { haltsAreNeverVoid } from './halts-are-never-void.ts';
import { importsAreWhole } from './imports-are-whole.ts';
import { modelAgrees } from './model-agrees.ts';
import { moneyConserved } from './money-conserved.ts';
import { noFillIsLost } from './no-fill-is-lost.ts';
import { nothingSentInAHalt } from './nothing-sent-in-a-halt.ts';
import { oneKeyOneEntity } from './one-key-one-entity.ts';
import { oneVenueOrder } from './one-venue-order.ts';
import { oneWriter } from './one-writer.ts';
import { openOrdersAreAskedAbout } from './open-orders-are-asked-about.ts';
import { overAtTheVenue } from './over-at-the-venue.ts';
import { paceKept } from './pace-kept.ts';
import { positionsAgree } from './positions-agree.ts';
import { quotaWithinLimits } from './quota-within-limits.ts';
import { receiptsNameWhatLeft } from './receipts-name-what-left.ts';
import { refusalsAreDue } from './refusals-are-due.ts';
import { repeatsAnsweredAlike } from './repeats-answered-alike.ts';
import { rolesHold } from './roles-hold.ts';
import { rowsEqualRecords } from './rows-equal-records.ts';
import { runsEndWithCause } from './runs-end-with-cause.ts';
import { sentAsApproved } from './sent-as-approved.ts';
import { stopsCancelAtOnce } from './stops-cancel-at-once.ts';
import { tablesEqualRecords } from './tables-equal-records.ts';
import { tailIsBounded } from './tail-is-bounded.ts';
import { terminatedIsFlat } from './terminated-is-flat.ts';
import { twoPeople } from './two-people.ts';
import { warnedInTime } from './warned-in-time.ts';

/** Checkers that are given the same folds share their work. */
export type CheckerFactory = (settings?: CheckedSettings, folds?: Folds) => Checker;

export const CHECKERS: readonly CheckerFactory[] = [
  fillsWithinQuantity,
  positionsAgree,
  (_settings, folds) => nothingSentInAHalt(folds),
  sentAsApproved,
  oneVenueOrder,
  (_settings, folds) => moneyConserved(folds),
  (settings = developmentProfile(), folds) => exposureWithinLimits(settings, folds),
  chainUnbroken,
  (settings = developmentProfile(), folds) => quotaWithinLimits(settings, folds),
  (_settings, folds) => rowsEqualRecords(folds),
  endsAreFinal,
  importsAreWhole,
  (_settings, folds) => comesToRest(folds),
  overAtTheVenue,
  (_settings, folds) => tablesEqualRecords(folds),
  acknowledgedIsDurable,
  oneKeyOneEntity,
  approvalsAreBound,
  (settings = developmentProfile()) => twoPeople(settings),
  exitsPass,
  (_settings, folds) => cancelsAreHeard(folds),
  (_settings, folds) => deadlinesKept(folds),
  noFillIsLost,
  (_settings, folds) => stopsCancelAtOnce(folds),
  (_settings, folds) => terminatedIsFlat(folds),
  (settings = developmentProfile(), folds) => warnedInTime(settings, folds),
  (settings = developmentProfile()) => modelAgrees(settings),
  (settings = developmentProfile(), folds) => refusalsAreDue(settings, folds),
  (settings = developmentProfile()) => paceKept(settings),
  cancelsLeaveAtOnce,
  (_settings, folds) => receiptsNameWhatLeft(folds),
  repeatsAnsweredAlike,
  controlClosesGroups,
  oneWriter,
  groupsAreBounded,
  haltsAreNeverVoid,
  tailIsBounded,
  runsEndWithCause,
  (_settings, folds) => factsBringTheirRows(folds),
  (_settings, folds) => openOrdersAreAskedAbout(folds),
  rolesHold,
];
