/** A11 on people who did what is not their office. */
import { expect, test } from 'vitest';
import { heard } from '../testing/answers.ts';
import { created, History } from '../testing/history.ts';
import type { CheckedAnswer } from './checker.ts';
import { rolesHold } from './roles-hold.ts';

const bearer = (sub: string, roles: readonly string[]): string =>
  `Bearer x.${Buffer.from(JSON.stringify({ sub, roles })).toString('base64url')}.x`;

function found(sub: string, roles: readonly string[], answer: Partial<CheckedAnswer>): string[] {
  const checker = rolesHold();
  const told: string[] = [];
  for (const record of new History().say(created()).records) checker.onRecord(record, (what) => told.push(what));
  checker.onAnswer?.(heard({ authorization: bearer(sub, roles), status: 200, ...answer }), (what) => told.push(what));
  return told;
}

const OFFICES: readonly (readonly [CheckedAnswer['method'], string, string])[] = [
  ['DELETE', '/api/v1/emergency-stop/stop-1', 'supervisor'],
  ['POST', '/api/v1/oversight/requests/req-1/approve', 'supervisor'],
  ['POST', '/api/v1/oversight/requests/req-1/reject', 'admin'],
  ['PUT', '/api/v1/house/limits', 'admin'],
];

test.each(OFFICES)('finds who was let do %s %s without being a %s', (method, path, role) => {
  expect(found('ann', [role], { method, path })).toEqual([]);
  expect(found('ann', ['trader'], { method, path })).toEqual([
    `ann, who is trader, was answered 200 by ${method} ${path}`,
  ]);
  expect(found('ann', ['trader'], { method, path, status: 403 })).toEqual([]);
});

test('finds who trades by what is another’s, unless he acts for others', () => {
  const trade = { method: 'POST', path: '/api/v1/agents/agent-1/trades', status: 201 } as const;
  expect(found('user-1', ['trader'], trade)).toEqual([]);
  expect(found('service-1', ['service'], trade)).toEqual([]);
  expect(found('ann', ['trader'], trade)).toEqual([
    'ann, who is trader, was answered 201 by POST /api/v1/agents/agent-1/trades, which is of user-1',
  ]);
});

test('a token that names nobody is held to nothing', () => {
  const [[method, path]] = OFFICES as [(typeof OFFICES)[number]];
  expect(found('ann', [], { method, path, authorization: 'Bearer test-bearer-token' })).toEqual([]);
});
