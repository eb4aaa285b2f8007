/** A3 on approvals that are not bound to what was shown. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ApprovalRequested } from '../../messages/approval.ts';
import {
  decided,
  findingsOf,
  gatesOf,
  History,
  held,
  intended,
  requested,
  STARTS_AT,
  ticket,
} from '../testing/history.ts';
import { approvalsAreBound } from './approvals-are-bound.ts';

const band = { low: '148.5', high: '151.5' };
const contentHash = createHash('sha256')
  .update(JSON.stringify(['agent-1', 'AAPL', 'buy', '100', band.low, band.high, '1']))
  .digest('hex');
const shown: ApprovalRequested = { ...requested(), band, contentHash, expiresAt: STARTS_AT + 60_000 };
const approved = intended({}, { approvedBy: 'supervisor-1' });

test('an approval of what was shown, in time and in its band, is in order', () => {
  const history = new History().say(shown, held(), decided('approved'), approved);
  expect(findingsOf(approvalsAreBound(), history)).toEqual([]);
});

test('finds a hash that does not cover the content', () => {
  const history = new History().say({ ...shown, contentHash: contentHash.replace(/^./, 'x') });
  expect(findingsOf(approvalsAreBound(), history)).toEqual(['the hash of req-1 is not that of its content']);
});

test('finds a decision after the end', () => {
  const history = new History().say(shown, held());
  history.at += 60_000;
  expect(findingsOf(approvalsAreBound(), history.say(decided('approved')))).toEqual([
    'req-1 was approved by supervisor-1 2 ms after it had expired',
  ]);
});

test('finds an end before its time', () => {
  expect(findingsOf(approvalsAreBound(), new History().say(shown, decided('expired')))).toHaveLength(1);
});

test('finds an order that counts at a price outside the band', () => {
  const gates = gatesOf(ticket({ price: '160' }));
  const history = new History().say(shown, decided('approved'), { ...approved, gates });
  expect(findingsOf(approvalsAreBound(), history)).toEqual(['req-1 was approved up to 151.5, its order counts at 160']);
});
