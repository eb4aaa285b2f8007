/** The paper venue in this process: real quotes, invented fills, its book beside the journal and as durable. */
import { join } from 'node:path';
import { z } from 'zod';
import type { VenueAdapter } from '../kit/adapter.ts';
import { decimal, number, setting, whole } from '../kit/setting.ts';
import { openBook } from './book.ts';
import { openPaperVenue } from './venue.ts';

const settings = {
  PAPER_COMMISSION_BPS: setting(
    decimal.refine((value) => Number(value) <= 1_000, 'is too large'),
    {
      about: 'Commission of the paper venue in basis points of the value.',
      form: '0 to 1000',
      fallback: '0',
    },
  ),
  PAPER_SLIPPAGE_TICKS: setting(whole(0, 1_000), {
    about: 'Ticks by which the paper venue fills market orders worse than the quote.',
    form: '0 to 1000',
    fallback: '0',
  }),
  PAPER_PARTIAL_FILL_RATIO: setting(number(z.number().min(0, 'is too small').max(1, 'is too large')), {
    about: 'How often the paper venue fills only a part of an order at once; the rest goes on with the next quote.',
    form: '0 (never) to 1 (whenever it can)',
    fallback: '0',
  }),
};

export const paper: VenueAdapter<typeof settings> = {
  name: 'paper',
  port: 'venue',
  settings,
  async open(values, needs) {
    const { folder, powerProof, clock, random } = needs;
    const book = await openBook({ path: join(folder, 'paper-venue.jsonl'), sync: powerProof ? 'fdatasync' : 'none' });
    const matching = {
      commissionBps: values.PAPER_COMMISSION_BPS,
      slippageTicks: values.PAPER_SLIPPAGE_TICKS,
      partialFillRatio: values.PAPER_PARTIAL_FILL_RATIO,
      random,
    };
    const venue = openPaperVenue({ book, clock, matching });
    return {
      venue,
      match: (quote) => venue.onQuote(quote),
      health: () => ({ state: 'healthy', simulated: true }),
      close: () => venue.close(),
    };
  },
};
