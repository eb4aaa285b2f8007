/** What the model remembers of an order: what its records have told so far, and what was true of its gates meanwhile. */
import type { OrderSubmitted } from '../../messages/order.ts';
import type { Circumstances } from './gates.ts';

/** What the venue says of an order in the end; undefined: it never had it. */
export interface AtVenue {
  readonly status: 'accepted' | 'filled' | 'canceled' | 'expired' | 'rejected';
  readonly filled: string;
  /** When it was asked to cancel the order. */
  readonly cancelsAskedAt: readonly number[];
}

export type Round = { -readonly [Field in keyof Circumstances]: Circumstances[Field] };

/** One order, as far as its records have told of it. */
export class Modelled {
  /** Behind an approval it is asked about again. */
  second: Round | undefined;
  /** Its gates have said yes in this round. */
  cleared = false;
  held = false;
  /** What a person, or the clock, decided about it, and when that landed. */
  decision: string | undefined;
  decidedAt = 0;
  wantsCancel = false;
  intended = false;
  intendedAt = 0;
  sent = false;
  filled = '0';
  lateFills = 0;
  end: string | undefined;
  endedAt = 0;

  constructor(
    readonly submitted: OrderSubmitted,
    readonly at: number,
    readonly first: Round,
  ) {}

  get rounds(): readonly Round[] {
    return this.second ? [this.first, this.second] : [this.first];
  }
}
