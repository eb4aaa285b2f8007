/** What the venue was asked and what it remembers: its request log and its book, read from its folder. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBook } from '../../adapters/paper/book.ts';
import type { VenueCall } from '../../adapters/paper/calls.ts';
import type { PaperOrder } from '../../adapters/paper/matching.ts';

/** A request as it came, or the answer as it went. */
export type VenueLine =
  | { readonly at: number; readonly clientOrderId: string; readonly call: VenueCall['call'] }
  | {
      readonly at: number;
      readonly clientOrderId: string;
      readonly answered: VenueCall['call'];
      readonly told: VenueCall['told'];
    };

export function venueLines(folder: string): readonly VenueLine[] {
  const path = join(folder, 'venue', 'requests.jsonl');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as VenueLine);
}

export const submitsSince = (folder: string, at: number): readonly string[] =>
  venueLines(folder)
    .filter((line) => 'call' in line && line.call === 'submit' && line.at > at)
    .map(({ clientOrderId }) => clientOrderId);

/** While no venue runs. */
export async function venueOrders(folder: string): Promise<ReadonlyMap<string, PaperOrder>> {
  const book = await openBook({ path: join(folder, 'venue', 'book.jsonl'), sync: 'none' });
  await book.close();
  return book.orders;
}
