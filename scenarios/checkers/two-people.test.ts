/** A9 on people who decide about what is their own. */
import { describe, expect, test } from 'vitest';
import { developmentProfile } from '../settings.ts';
import { decided, findingsOf, History, halted, intended, requested, resumed, submitted } from '../testing/history.ts';
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
