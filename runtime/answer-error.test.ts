import { expect, test } from 'vitest';
import { AnswerError } from './answer-error.ts';

class Refused extends AnswerError {}

const bug = (): Error => new Error('a bug');

test('an error that is an answer has its message and its cause, and no stack', () => {
  const cause = bug();
  const refused = new Refused('too many', { cause });
  expect(refused).toBeInstanceOf(Error);
  expect(refused.message).toBe('too many');
  expect(refused.cause).toBe(cause);
  expect(refused.stack).toBe('Error: too many');
});

test('errors that are made after it have their stack', () => {
  new Refused('too many');
  expect(bug().stack).toContain('at bug');
});
