/** The feed's position as the kernel drives it: forward only, kept over a start, with what days began with. */
import { expect, test } from 'vitest';
import type { FeedAdvance } from '../../messages/market.ts';
import { drive } from '../testing/drive.ts';
import { FEED_START, feedAgent } from './feed.ts';

const advance = (position: number, opens?: FeedAdvance['opens']): FeedAdvance => ({
  ...{ type: 'feed.advance', position, ...(opens && { opens }) },
});

test('a position is recorded and answered, and never goes back', () => {
  const agent = drive(feedAgent());
  expect(agent.tell(advance(5), 1)).toEqual([
    { type: 'feed.advanced', position: 5 },
    { type: 'feed.answered', position: 5 },
  ]);
  expect(agent.tell(advance(4), 2)).toEqual([{ type: 'feed.answered', position: 5 }]);
  expect(agent.tell({ type: 'feed.get' }, 3)).toEqual([{ type: 'feed.answered', position: 5 }]);
});

test('waking up records nothing and changes nothing', () => {
  const agent = drive(feedAgent());
  agent.tell(advance(5), 1);
  expect(agent.tell({ type: 'resumed' }, 2)).toEqual([]);
  expect(agent.tell({ type: 'feed.get' }, 3)).toEqual([{ type: 'feed.answered', position: 5 }]);
});

test('what a day began with is kept without a new position, an instrument beside the other', () => {
  const agent = drive(feedAgent());
  agent.tell(advance(0, { EURUSD: { day: 1, open: 1.1 } }), 1);
  expect(agent.tell(advance(0, { AAPL: { day: 1, open: 150 } }), 2)[0]).toEqual({
    ...{ type: 'feed.advanced', position: 0, opens: { AAPL: { day: 1, open: 150 } } },
  });
  expect(agent.state()).toEqual({
    ...{ position: 0, opens: { EURUSD: { day: 1, open: 1.1 }, AAPL: { day: 1, open: 150 } } },
  });
});

test.each([
  ['with a position', { position: 7 }, { position: 7, opens: {} }],
  ['that lost its position when it woke up', {}, FEED_START],
])('a row of the first version %s comes up', (_what, row, expected) => {
  const agent = drive(feedAgent(), {}, { version: 1, rows: { '': row } });
  expect(agent.state()).toEqual(expected);
});
