/** Which texts are instants. */
import { describe, expect, it } from 'vitest';
import { instantOf } from './instant.ts';

describe('an instant', () => {
  it.each([
    ['2026-02-28', Date.UTC(2026, 1, 28)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2026-02-28T23:59:59.123456789Z', Date.UTC(2026, 1, 28, 23, 59, 59, 123)],
    ['2026-02-28T14:30', Date.UTC(2026, 1, 28, 14, 30)],
    ['2026-03-01T00:30:00+02:00', Date.UTC(2026, 1, 28, 22, 30)],
  ])('%s is read', (text, at) => expect(instantOf(text)).toBe(at));
  it.each([
    ...['2026-02-31', '2026-02-29T12:00:00Z', '2026-04-31T12:00:00+02:00', '2026-13-01', '2026-00-10', '2026-01-00'],
    ...['2026-01-01T25:00', '2026-01-01T10:60', 'soon', '', '2026-1-1', '20260101', '2026-01-01 10:00'],
  ])('%j is none', (text) => expect(instantOf(text)).toBeUndefined());
});
