/**
 * Entry of the paper venue's own process. Settings: PAPER_DIR (book and request log), PAPER_PORT (0: a free one), PAPER_SYNC. It
 * prints one line with `listening on` when it serves; SIGTERM ends it after what is under way.
 */
import { join } from 'node:path';
import type { Clock, Random } from '../../../runtime/ports.ts';
import { openBook } from '../book.ts';
import { openPaperVenue } from '../venue.ts';
import { openPaperServer } from './server.ts';

/** The venue lives by the wall; a timer longer than node's longest is armed again by the venue when it comes early. */
const clock: Pick<Clock, 'marketNow' | 'at'> = {
  marketNow: () => Date.now(),
  at(_reading, due, fire) {
    const timer = setTimeout(fire, Math.min(Math.max(0, due - Date.now()), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

const ambient: Random = { next: () => Math.random(), fork: () => ambient };

const { PAPER_DIR: folder = '.data/paper', PAPER_PORT: port = '0', PAPER_SYNC: sync = 'fdatasync' } = process.env;
if (sync !== 'fdatasync' && sync !== 'none') throw new Error(`PAPER_SYNC must be fdatasync or none, is ${sync}`);

const book = await openBook({ path: join(folder, 'book.jsonl'), sync });
const matching = { slippageTicks: 0, commissionBps: '0', partialFillRatio: 0, random: ambient };
const venue = openPaperVenue({ book, clock, matching });
const requestLogPath = join(folder, 'requests.jsonl');
const server = await openPaperServer({ venue, port: Number(port), requestLogPath });
process.once('SIGTERM', () => void server.close());
console.log(`paper venue listening on http://127.0.0.1:${server.port}`);
