/**
 * Our order id as Tradovate's `clOrdId`, which holds 64 characters. One that does not fit is replaced by its hash: a lookup finds it by
 * computing the hash again, and who is told of it later knows the hashes of this life. Ids of our own making always fit.
 */
import { createHash } from 'node:crypto';

const LENGTH_MAX = 64;
const FITS = /^[\w.:-]+$/;
const HASHED = /^pw-[0-9a-f]{40}$/;
const KEPT_MAX = 10_000;

export class ClientIds {
  private readonly hashed = new Map<string, string>();

  toVenue(clientOrderId: string): string {
    if (clientOrderId.length <= LENGTH_MAX && FITS.test(clientOrderId) && !HASHED.test(clientOrderId))
      return clientOrderId;
    const hash = `pw-${createHash('sha256').update(clientOrderId).digest('hex').slice(0, 40)}`;
    this.hashed.set(hash, clientOrderId);
    if (this.hashed.size > KEPT_MAX) this.hashed.delete(this.hashed.keys().next().value ?? '');
    return hash;
  }

  /** Undefined: somebody's hash that this life has not seen. */
  toOurs(clOrdId: string): string | undefined {
    return HASHED.test(clOrdId) ? this.hashed.get(clOrdId) : clOrdId;
  }
}
