/** All controls, in the order in which a gate asks them. The trader's own maximum comes before the house's limits. */
import { buyingPower } from './buying-power.ts';
import type { Control } from './control.ts';
import { duplicateOrder } from './duplicate-order.ts';
import { exitReduces } from './exit-reduces.ts';
import { exposureLimit } from './exposure-limit.ts';
import { halted } from './halted.ts';
import { instrumentPermitted } from './instrument-permitted.ts';
import { margin } from './margin.ts';
import { marketOpen } from './market-open.ts';
import { maxPositionSize } from './max-position-size.ts';
import { orderIncrements } from './order-increments.ts';
import { orderRate } from './order-rate.ts';
import { orderValue } from './order-value.ts';
import { orderVolume } from './order-volume.ts';
import { positionLimit } from './position-limit.ts';
import { priceCollar } from './price-collar.ts';
import { reduceOnly } from './reduce-only.ts';
import { repeatThrottle } from './repeat-throttle.ts';
import { selfMatch } from './self-match.ts';
import { slicedOrder } from './sliced-order.ts';
import { staleData } from './stale-data.ts';
import { traderActive } from './trader-active.ts';
import { variancePermitted } from './variance-permitted.ts';

export const CONTROLS: readonly Control[] = [
  halted,
  traderActive,
  instrumentPermitted,
  orderIncrements,
  marketOpen,
  variancePermitted,
  orderRate,
  duplicateOrder,
  repeatThrottle,
  exitReduces,
  reduceOnly,
  maxPositionSize,
  staleData,
  priceCollar,
  orderValue,
  orderVolume,
  slicedOrder,
  selfMatch,
  positionLimit,
  exposureLimit,
  buyingPower,
  margin,
];
