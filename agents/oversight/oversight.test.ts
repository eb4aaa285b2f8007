import { describe, expect, it } from 'vitest';
import type {
  ApprovalAnswered,
  ApprovalApprove,
  ApprovalDecided,
  ApprovalRecall,
  ApprovalRecalled,
  ApprovalReject,
  ApprovalRepriced,
  ApprovalRequested,
} from '../../messages/approval.ts';
import type { QuoteView } from '../../messages/common.ts';
import type { OversightReview } from '../../messages/gate.ts';
import type { Quote } from '../../messages/market.ts';
import type { GateAnswered, OrderDecided, OrderIntended } from '../../messages/order.ts';
import type { Message } from '../../runtime/message.ts';
import { ended, ticket } from '../testing/samples.ts';
import { only, type Stage, stage, types } from '../testing/stage.ts';
import { oversightAgent } from './oversight.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const policy = { thresholdUsd: '50000', fourEyes: false, policyVersion: '1' };
const big = ticket({ symbol: 'NVDA', quantity: '500', price: '500' });
const quoteAt = (last: string): QuoteView => ({ bid: last, ask: last, last, at: 0 });

function market(oversight: Stage, last: number): void {
  const newest: Quote = { type: 'market.quote', at: 0, symbol: 'NVDA', bid: last, ask: last, last, simulated: true };
  oversight.quotes.set('NVDA', newest);
}

function review(over: Partial<OversightReview> = {}): OversightReview {
  return { type: 'oversight.review', orderId: 'trade-1', ticket: big, amount: '250000', ...over };
}
function approve(over: Partial<ApprovalApprove> = {}): ApprovalApprove {
  return { type: 'approval.approve', requestId: 'req-1', by: 'boss', ...over };
}
const reject: ApprovalReject = { type: 'approval.reject', requestId: 'req-1', by: 'boss', reason: 'too much risk' };
const recall: ApprovalRecall = { type: 'approval.recall', requestId: 'req-1', orderId: 'trade-1' };
const intended: OrderIntended = { type: 'order.intended', ticket: big, gates: [] };

function held(last = 500): Stage {
  const oversight = stage(oversightAgent(policy));
  oversight.tell(review());
  market(oversight, last);
  return oversight;
}
const answerOf = (said: readonly Message[]) => only<ApprovalAnswered>(said, 'approval.answered');

describe('the threshold', () => {
  const gate = (over: Partial<OversightReview>) =>
    only<GateAnswered>(stage(oversightAgent(policy)).tell(review(over)), 'gate.answered');

  it('lets exactly 50,000 pass and holds a cent more', () => {
    expect(gate({ amount: '50000' }).allowed).toBe(true);
    expect(gate({ amount: '50000.01' })).toMatchObject({ allowed: false, held: { requestId: 'req-1' } });
  });

  it('never holds an exit', () => {
    expect(gate({ ticket: { ...big, exit: true } }).allowed).toBe(true);
  });

  it('says why in the words of the contract', () => {
    const reason = 'Trade amount ($250,000) exceeds autonomous threshold ($50,000)';
    expect(gate({}).held?.reason).toBe(reason);
    expect(gate({ amount: '50000.5' }).held?.reason).toContain('($50,000.50)');
  });

  it('keeps nothing of an order that needs nobody', () => {
    const oversight = stage(oversightAgent(policy));
    oversight.tell(review({ amount: '1' }));
    expect(oversight.entities()).toEqual([]);
  });
});

describe('a request', () => {
  it('shows what a person decides about', () => {
    const oversight = stage(oversightAgent(policy));
    const request = only<ApprovalRequested>(oversight.tell(review()), 'approval.requested');
    expect(request).toMatchObject({
      requestId: 'req-1',
      priority: 'high',
      shownPrice: '500',
      band: { low: '495', high: '505' },
      expiresAt: oversight.now + DAY_MS,
    });
    expect(request.contentHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('shows the larger of the stated and the market price', () => {
    const said = stage(oversightAgent(policy)).tell(review({ quote: quoteAt('510') }));
    expect(only<ApprovalRequested>(said, 'approval.requested').shownPrice).toBe('510');
  });

  it('is urgent from twice the threshold', () => {
    const priority = (amount: string) =>
      only<ApprovalRequested>(stage(oversightAgent(policy)).tell(review({ amount })), 'approval.requested').priority;
    expect(priority('99999.99')).toBe('medium');
    expect(priority('100000')).toBe('high');
  });

  it('is one however often the order asks', () => {
    const oversight = held();
    oversight.advance(1_000);
    const said = oversight.tell(review());
    expect(types(said)).toEqual(['gate.answered']);
    expect(only<GateAnswered>(said, 'gate.answered').held?.requestedAt).toBe(oversight.now - 1_000);
  });

  it('has another hash when what was asked for differs', () => {
    const hash = (over: Partial<OversightReview>) =>
      only<ApprovalRequested>(stage(oversightAgent(policy)).tell(review(over)), 'approval.requested').contentHash;
    const hashes = [hash({}), hash({ ticket: { ...big, side: 'sell' } }), hash({ ticket: { ...big, price: '501' } })];
    expect(new Set(hashes).size).toBe(3);
  });

  it('is refused for an order that ended before its review came', () => {
    const oversight = stage(oversightAgent(policy));
    oversight.tell(ended());
    expect(only<GateAnswered>(oversight.tell(review()), 'gate.answered')).toMatchObject({ allowed: false });
    expect(oversight.entities()).toEqual([]);
  });
});

describe('an approval', () => {
  it('tells the order, the journal and the person, once each', () => {
    const oversight = held();
    const said = oversight.tell(approve({ comment: 'fine' }));
    expect(only<ApprovalDecided>(said, 'approval.decided')).toMatchObject({ decision: 'approved', comment: 'fine' });
    expect(only<OrderDecided>(said, 'order.decided')).toMatchObject({ orderId: 'trade-1', quote: quoteAt('500') });
    expect(answerOf(said)).toMatchObject({ outcome: 'approved', orderId: 'trade-1', processedAt: oversight.now });
  });

  it('of an unknown request is not found', () => {
    const said = stage(oversightAgent(policy)).tell(approve());
    expect(answerOf(said)).toMatchObject({ outcome: 'not-found', requestId: 'req-1' });
  });

  it('with another hash than the present one changes nothing', () => {
    const oversight = held();
    expect(answerOf(oversight.tell(approve({ ifMatch: 'old' }))).outcome).toBe('hash-mismatch');
    const { pending } = oversight.state<{ pending: { request: ApprovalRequested } }>('req-1')!;
    expect(answerOf(oversight.tell(approve({ ifMatch: pending.request.contentHash }))).outcome).toBe('approved');
  });

  it('needs another person than the one who asked, when four eyes are asked for', () => {
    const oversight = stage(oversightAgent({ ...policy, fourEyes: true }));
    oversight.tell(review());
    market(oversight, 500);
    expect(answerOf(oversight.tell(approve({ by: 'user-1' }))).outcome).toBe('four-eyes');
    expect(answerOf(oversight.tell(approve())).outcome).toBe('approved');
  });

  it('needs another person than the one who asked in the name of somebody, too', () => {
    const oversight = stage(oversightAgent({ ...policy, fourEyes: true }));
    const { ticket, ...rest } = review();
    oversight.tell({ ...rest, ticket: { ...ticket, submittedBy: 'admin-1' } } as ReturnType<typeof review>);
    market(oversight, 500);
    for (const by of ['user-1', 'admin-1']) expect(answerOf(oversight.tell(approve({ by }))).outcome).toBe('four-eyes');
    expect(answerOf(oversight.tell(approve())).outcome).toBe('approved');
  });

  it('counts at the edge of the band and is stale beyond it', () => {
    expect(answerOf(held(505).tell(approve())).outcome).toBe('approved');
    expect(answerOf(held(494.99).tell(approve())).outcome).toBe('stale');
  });

  it('that is stale shows both prices and leaves the request pending at the new one', () => {
    const oversight = held(600);
    const said = oversight.tell(approve());
    expect(answerOf(said)).toMatchObject({ shown: '500', now: '600', band: { low: '495', high: '505' } });
    const repriced = only<ApprovalRepriced>(said, 'approval.repriced');
    expect(repriced).toMatchObject({ shownPrice: '600', band: { low: '594', high: '606' } });
    const again = approve({ ifMatch: repriced.contentHash });
    expect(answerOf(oversight.tell(again)).outcome).toBe('approved');
  });

  it('without a quote is stale, because nobody can tell', () => {
    const oversight = held();
    oversight.quotes.clear();
    const said = oversight.tell(approve());
    expect(answerOf(said).outcome).toBe('stale');
    expect(types(said)).not.toContain('approval.repriced');
  });
});

describe('a decision', () => {
  it.each([
    ['approve then reject', approve(), reject, 'approved'],
    ['reject then approve', reject, approve(), 'rejected'],
  ])('is made once: %s gives one of each', (_name, first, second, status) => {
    const oversight = held();
    const said = [...oversight.tell(first), ...oversight.tell(second)];
    expect(said.filter(({ type }) => type === 'approval.decided')).toHaveLength(1);
    expect(said.filter(({ type }) => type === 'order.decided')).toHaveLength(1);
    const outcomes = said.filter(({ type }) => type === 'approval.answered') as ApprovalAnswered[];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([status, 'already-processed']);
    expect(outcomes[1]).toMatchObject({ currentStatus: status, processedAt: oversight.now });
  });

  it('is repeated after a restart until the order has acted on it', () => {
    const oversight = held();
    oversight.tell(approve());
    expect(types(oversight.restart())).toEqual(['order.decided']);
    oversight.tell(intended);
    expect(oversight.entities()).toEqual([]);
    expect(oversight.restart()).toEqual([]);
  });

  it('is forgotten after a week when the order never acts on it', () => {
    const oversight = held();
    oversight.tell(reject);
    oversight.advance(7 * DAY_MS - 1);
    expect(oversight.entities()).toEqual(['req-1']);
    oversight.advance(1);
    expect(oversight.entities()).toEqual([]);
  });
});

describe('an order that asks what became of its request', () => {
  const recalled = (oversight: Stage) => only<ApprovalRecalled>(oversight.tell(recall), 'approval.recalled');

  it('hears that nobody has decided, and the request stays as it is', () => {
    const oversight = held();
    const before = oversight.state('req-1');
    expect(recalled(oversight)).not.toHaveProperty('decided');
    expect(oversight.state('req-1')).toBe(before);
    expect(answerOf(oversight.tell(approve())).outcome).toBe('approved');
  });

  it.each([
    ['approved', approve({ comment: 'fine' }), { by: 'boss', quote: quoteAt('500') }],
    ['rejected', reject, { by: 'boss', reason: 'too much risk' }],
  ])('hears exactly what it was told: %s', (decision, deed, told) => {
    const oversight = held();
    const { type, orderId, requestId, ...was } = only<OrderDecided>(oversight.tell(deed), 'order.decided');
    expect(was).toMatchObject({ decision, ...told });
    for (const _again of [1, 2]) expect(recalled(oversight)).toMatchObject({ known: true, decided: was });
    expect(recalled(oversight).decided).toEqual(was);
  });

  it('hears days later what was decided, restarts included', () => {
    const oversight = held();
    oversight.advance(DAY_MS);
    oversight.restart();
    oversight.advance(6 * DAY_MS);
    expect(recalled(oversight).decided).toMatchObject({ decision: 'expired', by: 'system' });
  });

  it.each([
    ['was never made', () => stage(oversightAgent(policy))],
    [
      'was acted on',
      () => {
        const oversight = held();
        for (const message of [approve(), intended]) oversight.tell(message);
        return oversight;
      },
    ],
  ])('makes no request, also where one %s', (_what, open) => {
    const oversight = open();
    expect(types(oversight.tell(recall))).toEqual(['approval.recalled']);
    expect(recalled(oversight)).toMatchObject({ requestId: 'req-1', orderId: 'trade-1', known: false });
    expect(oversight.entities()).toEqual([]);
  });
});

describe('a request that nobody decides', () => {
  it('expires after a day, restarts and new prices included', () => {
    const oversight = held(600);
    oversight.advance(DAY_MS / 2);
    oversight.tell(approve());
    oversight.restart();
    expect(oversight.advance(DAY_MS / 2 - 1)).toEqual([]);
    const said = oversight.advance(1);
    expect(only<ApprovalDecided>(said, 'approval.decided')).toMatchObject({ decision: 'expired', by: 'system' });
    expect(only<OrderDecided>(said, 'order.decided').decision).toBe('expired');
    expect(answerOf(oversight.tell(approve()))).toMatchObject({ currentStatus: 'expired' });
  });

  it.each([approve(), reject])(
    'after its end is told that it has expired, though its deadline fires late: $type',
    (late) => {
      const oversight = held();
      oversight.now += DAY_MS;
      market(oversight, 500);
      const said = oversight.tell(late);
      expect(only<ApprovalDecided>(said, 'approval.decided')).toMatchObject({ decision: 'expired', by: 'system' });
      expect(only<OrderDecided>(said, 'order.decided').decision).toBe('expired');
      expect(answerOf(said)).toMatchObject({ outcome: 'already-processed', currentStatus: 'expired' });
    },
  );

  it('has expired when its order ends behind its end', () => {
    const oversight = held();
    oversight.now += DAY_MS;
    const said = oversight.tell(ended({ end: 'canceled', by: 'boss' }));
    expect(only<ApprovalDecided>(said, 'approval.decided')).toMatchObject({ decision: 'expired', by: 'system' });
  });

  it('is rejected when its order is canceled, by whoever canceled it', () => {
    const oversight = held();
    const said = oversight.tell(ended({ by: 'user-1', reason: 'changed my mind' }));
    expect(types(said)).toEqual(['approval.decided']);
    expect(said[0]).toMatchObject({ decision: 'rejected', by: 'user-1', reason: 'changed my mind' });
    expect(oversight.entities()).toEqual([]);
  });
});
