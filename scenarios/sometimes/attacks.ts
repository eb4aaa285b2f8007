/** How often somebody who knows the rules has tried a way around them, and how he was refused: without it nothing says that limits were attacked. */
import type { CheckedAnswer } from '../checkers/checker.ts';
import type { Situation } from './situation.ts';

const DENIED = /"code":"(ORDER_DENIED|QUOTA_EXCEEDED)"/;

const isHis = ({ who = '', method }: CheckedAnswer): boolean => who.startsWith('attacker ') && method !== 'GET';

const told = (how: string, sees: (answer: CheckedAnswer) => boolean): Situation => ({
  name: `attack: ${how}`,
  count: ({ answers }) => answers.filter((answer) => isHis(answer) && sees(answer)).length,
});

const forbidden = ({ status }: CheckedAnswer): boolean => status === 403 || status === 404;

export const ATTACKS: readonly Situation[] = [
  told('tried', () => true),
  told('refused as no order', ({ status }) => status === 400),
  told('refused by a limit or a quota', (answer) => forbidden(answer) && DENIED.test(answer.body)),
  told('refused for who he is', (answer) => forbidden(answer) && !DENIED.test(answer.body)),
  told('refused in a halt', ({ status }) => status === 423),
  told('refused by his own key', ({ status }) => status === 409 || status === 422),
];
