/** What a live run is told. */
import type { LiveCollect, LiveGet } from '../../messages/live.ts';
import type { Quote } from '../../messages/market.ts';
import type { OrderAnswered, OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { RunChanged, RunCreated, RunSignalled } from '../../messages/run.ts';
import type { Resumed } from '../../runtime/lifecycle.ts';

export type Taken =
  | Quote
  | RunCreated
  | RunSignalled
  | RunChanged
  | OrderFilled
  | OrderEnded
  | OrderAnswered
  | LiveGet
  | LiveCollect
  | Resumed;
