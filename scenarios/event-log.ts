/** What a run leaves behind, as one hash: committed records, answers and venue calls, each with its virtual time. */

import { createHash } from 'node:crypto';
import type { VenueCall } from '../adapters/paper/calls.ts';

export class EventLog {
  private readonly hash = createHash('sha256');
  entries = 0;

  add(kind: 'record' | 'answer' | 'venue' | 'life', at: number, text: string): void {
    this.entries += 1;
    this.hash.update(`${kind} ${at} ${text}\n`);
  }

  /** SHA-256 so far, lower-case hex. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }
}

/** The first bytes of gzip, read as text. */
const PACKED = '\u001f\ufffd';

/** A copy of everything is packed as its database keeps it: over another one only that there is a copy is the same. */
export const answerText = ({ status, body }: { readonly status: number; readonly body: string }): string =>
  `${status} ${body.startsWith(PACKED) ? 'a packed file' : body}`;

/** One line of a call: what the product was told, and what it handed over, so that two builds differ that hand over otherwise. */
export function callText({ call, clientOrderId, told, order }: VenueCall): string {
  if (!order) return `${call} ${clientOrderId} ${told}`;
  const { accountId, symbol, side, quantity, price, orderType, timeInForce, stopPrice = 'none' } = order;
  const handed = [accountId, symbol, side, quantity, price, orderType, timeInForce, stopPrice].join(' ');
  return `${call} ${clientOrderId} ${told} ${handed}`;
}
