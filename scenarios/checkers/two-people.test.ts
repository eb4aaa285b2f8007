/** A9 on people who decide about what is their own. */
import { describe, expect, test } from 'vitest';
import { developmentProfile } from '../settings.ts';
import { decided, findingsOf, History, halted, intended, requested, resumed, submitted } from '../testing/history.ts';
import type { CheckedAnswer } from './checker.ts';
import { twoPeople } from './two-people.ts';

const { api, ...settings } = developmentProfile();
const checker = (fourEyes = true) => twoPeople({ ...settings, api: { ...api, fourEyes } });
/** Who asks for trades, and who stops, in these histories. */
const ASKER = submitted().ticket.userId;
const STOPPER = (halted as { readonly by: string }).by;
const releasedBy = (by: string) => ({ ...resumed, by }) as typeof resumed;

describe('where two people are needed', () => {
  test('another one approves and releases', () => {
    const allowed = intended({}, { approvedBy: 'supervisor-1' });
    const history = new History().say(requested(), { ...decided('approved'), by: 'supervisor-1' }, allowed, halted);
    expect(findingsOf(checker(), history.say(releasedBy('somebody-else')))).toEqual([]);
  });

  test('finds who approves what he asked for, by the approval and by the order', () => {
    const own = [requested(), { ...decided('approved'), by: ASKER }, intended({}, { approvedBy: ASKER })] as const;
    expect(findingsOf(checker(), new History().say(...own))).toEqual([
      `${ASKER} has approved req-1, which he asked for himself`,
      `order trade-1 leaves with the approval of ${ASKER}, who asked for it`,
    ]);
  });

  test('finds who approves what he asked for in the name of somebody else', () => {
    const inHisName = { submittedBy: 'admin-1' } as const;
    const own = [requested(inHisName), { ...decided('approved', inHisName), by: 'admin-1' }] as const;
    expect(findingsOf(checker(), new History().say(...own))).toEqual([
      'admin-1 has approved req-1, which he asked for himself',
    ]);
  });

  test('whoever takes back what he asked for needs nobody', () => {
    const history = new History().say(requested(), { ...decided('rejected'), by: ASKER });
    expect(findingsOf(checker(), history)).toEqual([]);
  });

  test('finds who releases what he stopped', () => {
    const history = new History().say(halted, releasedBy(STOPPER));
    expect(findingsOf(checker(), history)).toEqual([`${STOPPER} has released the stop stop-1, which was his own`]);
  });
});

test('where one is enough nothing of it is wrong', () => {
  const own = [requested(), { ...decided('approved'), by: ASKER }, halted, releasedBy(STOPPER)];
  expect(findingsOf(checker(false), new History().say(...own))).toEqual([]);
});

describe('who may decide at all', () => {
  const token = (sub: string, roles: readonly string[]) =>
    `Bearer e30.${Buffer.from(JSON.stringify({ sub, roles })).toString('base64url')}.x`;
  const refused = (changes: Partial<CheckedAnswer>): string[] => {
    const told: string[] = [];
    const two = checker();
    for (const record of new History().say(requested(), halted).records)
      two.onRecord(record, (what) => told.push(what));
    const answer: CheckedAnswer = {
      ...{
        askedAt: 0,
        at: 0,
        method: 'POST',
        path: '/api/v1/oversight/requests/req-1/approve',
        status: 403,
        body: 'no',
      },
      ...{ durableSequence: 0, authorization: token('boss', ['supervisor']) },
    };
    two.onAnswer?.({ ...answer, ...changes }, (what) => told.push(what));
    return told;
  };
  const release = { method: 'DELETE', path: '/api/v1/emergency-stop/stop-1' };

  test('is found refused where somebody else has asked, or has stopped', () => {
    expect(refused({})).toEqual([`boss may not decide about req-1, which is of ${ASKER}: no`]);
    expect(refused({ ...release, asked: '{"authorized_by":"boss"}' })).toEqual([
      `boss may not decide about stop-1, which is of ${STOPPER}: no`,
    ]);
  });

  test.each([
    ['what is his own', { authorization: token(ASKER, ['supervisor']) }],
    ['what his role does not allow', { authorization: token('boss', ['trader']) }],
    ['what he did in the name of somebody else', { ...release, asked: '{"authorized_by":"chief"}' }],
    ['under a token that does not name him', { authorization: 'Bearer test-bearer-token' }],
    ['what nobody has asked for', { path: '/api/v1/oversight/requests/req-9/approve' }],
    ['nothing', { status: 409 }],
  ])('may be refused %s', (_, changes) => {
    expect(refused(changes)).toEqual([]);
  });
});
