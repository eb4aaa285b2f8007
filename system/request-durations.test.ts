import { expect, test } from 'vitest';
import { RequestDurations } from './request-durations.ts';

const route = '/api/v1/agents/:id';

test('a request is counted in its bucket and in all wider ones, apart by method, route and status', () => {
  const durations = new RequestDurations();
  // A bound belongs to its own bucket.
  for (const durationMs of [0.2, 1, 30, 20_000]) durations.count({ method: 'GET', route, status: 200, durationMs });
  durations.count({ method: 'GET', route, status: 404, durationMs: 2 });
  const lines = durations.text().split('\n');
  const of = (name: string, le: string, status: number) => {
    const bucket = le === '' ? '' : `le="${le}",`;
    const start = `pitwall_http_request_seconds_${name}{${bucket}method="GET",route="${route}",status="${status}"} `;
    const line = lines.find((known) => known.startsWith(start));
    return line && Number(line.slice(start.length));
  };
  expect(lines.slice(0, 2)).toEqual([
    '# HELP pitwall_http_request_seconds Requests by route and status',
    '# TYPE pitwall_http_request_seconds histogram',
  ]);
  const bounds = ['0.001', '0.005', '0.01', '0.05', '0.1', '0.5', '1', '5', '+Inf'];
  expect(bounds.map((le) => of('bucket', le, 200))).toEqual([2, 2, 2, 3, 3, 3, 3, 3, 4]);
  expect(of('count', '', 200)).toBe(4);
  expect(of('sum', '', 200)).toBeCloseTo(20.0312, 9);
  expect(bounds.map((le) => of('bucket', le, 404))).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 1]);
  expect(lines.at(-1)).toBe('');
});

test('before any request there is the name alone', () => {
  expect(new RequestDurations().text().split('\n')).toHaveLength(3);
});
