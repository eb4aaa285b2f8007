/**
 * What reconciliation does outside: it reads our durable books, asks the venue, reads the books again, and compares. Whatever fails
 * makes the answer "not known", never "nothing".
 */
import type { BooksCompared, OrderExternalFound, ReconciliationRequested } from '../../messages/reconciliation.ts';
import type { Effect } from '../../runtime/agent.ts';
import type { Venue, VenueSnapshot } from '../venue.ts';
import type { OwnBooks } from './books.ts';
import { judgeCash } from './cash.ts';
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

export interface ReconciliationEffectOptions {
  readonly books: OwnBooks;
  readonly venue: Venue;
  /** How far cash may be apart, in account currency. */
  readonly cashTolerance: string;
}

async function compareNow({ books, venue, cashTolerance }: ReconciliationEffectOptions, signal: AbortSignal) {
  const quietBefore = books.now() - QUIET_MS;
  const before = await read(books, quietBefore, signal);
  signal.throwIfAborted();
  const snapshot = await venue.snapshot(signal);
  const after = await read(books, quietBefore, signal);
  const open = new Set([...before.orders, ...after.orders].map(({ orderId }) => orderId));
  const ended = await endedAmong(snapshot, books, open, signal);
  const sides = { before, after, venue: snapshot, ended, quietBefore };
  if (!snapshot.cash) return compareBooks(sides);
  const { differing, judged, skipped } = await judgeCash(
    snapshot.cash,
    sides,
    { books, tolerance: cashTolerance },
    signal,
  );
  return { ...compareBooks(sides), cash: { differing: [...differing], judged, skipped: [...skipped] } };
}

export function reconciliationEffects(options: ReconciliationEffectOptions): Readonly<Record<string, Effect>> {
  const { books, venue } = options;
  return {
    'reconciliation.requested': {
      repeatable: true,
      async run(fact, { signal }): Promise<BooksCompared> {
        const { cycle } = fact as ReconciliationRequested;
        const readFromMs = books.monotonic();
        const look = () => ({ type: 'books.compared', cycle, readFromMs, readToMs: books.monotonic() }) as const;
        try {
          const compared = await compareNow(options, signal);
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
