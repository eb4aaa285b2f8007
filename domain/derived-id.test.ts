import { expect, it } from 'vitest';
import { derivedUuid } from './derived-id.ts';

it('gives the same parts the same UUID, and other parts another one', () => {
  expect(derivedUuid('a', 1)).toBe(derivedUuid('a', 1));
  expect(derivedUuid('a', 1)).not.toBe(derivedUuid('a1'));
  expect(derivedUuid('a', 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
