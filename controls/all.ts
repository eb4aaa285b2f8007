/** All controls, in the order in which a gate asks them. The trader's own maximum comes before the house's limits. */
import type { Control } from './control.ts';
import { duplicateOrder } from './duplicate-order.ts';
import { exitReduces } from './exit-reduces.ts';
import { exposureLimit } from './exposure-limit.ts';
import { halted } from './halted.ts';
import { instrumentPermitted } from './instrument-permitted.ts';
import { maxPositionSize } from './max-position-size.ts';
import { orderRate } from './order-rate.ts';
import { orderValue } from './order-value.ts';
import { orderVolume } from './order-volume.ts';
import { positionLimit } from './position-limit.ts';
import { priceCollar } from './price-collar.ts';
import { staleData } from './stale-data.ts';
import { traderActive } from './trader-active.ts';

export const CONTROLS: readonly Control[] = [
  halted,
  traderActive,
  instrumentPermitted,
  orderRate,
  duplicateOrder,
  exitReduces,
  maxPositionSize,
  staleData,
  priceCollar,
  orderValue,
  orderVolume,
  positionLimit,
  exposureLimit,
];
