/**
 * What reconciliation does outside: it reads our durable books, asks the venue, reads the books again, and compares. Whatever fails
 * makes the answer "not known", never "nothing".
 */
import type { BooksCompared, OrderExternalFound, ReconciliationRequested } from '../../messages/reconciliation.ts';
import type { Effect } from '../../runtime/agent.ts';
import type { Venue, VenueSnapshot } from '../venue.ts';
import type { OwnBooks } from './books.ts';
import { type Books, compareBooks } from './compare.ts';

/** What moved within this time may have news under way. */
const QUIET_MS = 2_000;

const NOTHING = { compared: { orders: 0, positions: 0, skipped: 0 }, orders: [], positions: [], external: [] };

async function read(books: OwnBooks, since: number, signal: AbortSignal): Promise<Books> {
  const positions = await books.positions(since, signal);
  return { orders: books.orders(), positions };
}

/** Orders of the venue that are not open with us, and were ours once. */
async function endedAmong(
  { orders }: VenueSnapshot,
  books: OwnBooks,
  open: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Set<string>> {
  const ended = new Set<string>();
  for (const { clientOrderId } of orders)
    if (!open.has(clientOrderId) && (await books.knows(clientOrderId, signal))) ended.add(clientOrderId);
  return ended;
}

async function compareNow(books: OwnBooks, venue: Venue, signal: AbortSignal) {
  const quietBefore = books.now() - QUIET_MS;
  const before = await read(books, quietBefore, signal);
  signal.throwIfAborted();
  const snapshot = await venue.snapshot(signal);
  const after = await read(books, quietBefore, signal);
  const open = new Set([...before.orders, ...after.orders].map(({ orderId }) => orderId));
  const ended = await endedAmong(snapshot, books, open, signal);
  return compareBooks({ before, after, venue: snapshot, ended, quietBefore });
}

export function reconciliationEffects(books: OwnBooks, venue: Venue): Readonly<Record<string, Effect>> {
  return {
    'reconciliation.requested': {
      repeatable: true,
      async run(fact, { signal }): Promise<BooksCompared> {
        const { cycle } = fact as ReconciliationRequested;
        const readFromMs = books.monotonic();
        const look = () => ({ type: 'books.compared', cycle, readFromMs, readToMs: books.monotonic() }) as const;
        try {
          const compared = await compareNow(books, venue, signal);
          return { ...look(), ...compared };
        } catch (error) {
          const failed = error instanceof Error ? error.message : String(error);
          return { ...look(), failed, ...NOTHING };
        }
      },
    },
    // One of ours that has ended with us must not go on at the venue; somebody else's is not ours to touch. Whether the cancel has done
    // anything, the next look tells: what is open then is told again.
    'order.external-found': {
      repeatable: true,
      async run(fact, { signal }): Promise<undefined> {
        const { ours, clientOrderId } = fact as OrderExternalFound;
        if (ours) await venue.cancel(clientOrderId, signal);
        return undefined;
      },
    },
  };
}
