/** What the product has said over HTTP and must stand by for ever: each order it took, and every later word about it. */

export type Said = 'executed' | 'pending' | 'pending_approval' | 'cancelled' | 'failed' | 'approved';

/** What an order may have become after a word. */
const STANDS_BY: Readonly<Record<Said, readonly string[]>> = {
  executed: ['executed'],
  cancelled: ['cancelled'],
  failed: ['failed'],
  pending: ['pending', 'executed', 'cancelled', 'failed'],
  pending_approval: ['pending_approval', 'pending', 'executed', 'cancelled', 'failed'],
  approved: ['pending', 'executed', 'cancelled', 'failed'],
};

export interface Order {
  readonly traderId: string;
  readonly said: Said[];
}

export class Acknowledged {
  readonly orders = new Map<string, Order>();
  /** Broken promises that showed in answers. */
  readonly broken: string[] = [];
  refused = 0;
  retried = 0;

  /** The answer to a submit; a key that names two orders has sent one twice. */
  took(key: string, traderId: string, orderId: string, said: Said, earlier: string | undefined): void {
    if (earlier !== undefined && earlier !== orderId)
      this.broken.push(`key ${key} was answered with ${earlier}, then with ${orderId}`);
    const known = this.orders.get(orderId);
    if (known) known.said.push(said);
    else this.orders.set(orderId, { traderId, said: [said] });
  }

  heard(orderId: string, said: Said): void {
    this.orders.get(orderId)?.said.push(said);
  }

  /** `statuses`: what the trade lists show at the end, by order id. */
  check(statuses: ReadonlyMap<string, string>): readonly string[] {
    const found = [...this.broken];
    for (const [orderId, { said }] of this.orders) {
      const status = statuses.get(orderId);
      if (status === undefined) found.push(`${orderId} was acknowledged (${said.join(', ')}) and is lost`);
      else
        for (const word of said)
          if (!STANDS_BY[word].includes(status)) found.push(`${orderId} was said to be ${word} and is ${status}`);
    }
    for (const orderId of statuses.keys())
      if (!this.orders.has(orderId))
        found.push(`${orderId} is there, although every request was answered with another`);
    return found;
  }
}
