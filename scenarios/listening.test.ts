/** Doors beside orders: sockets of a world, which close as those of a server do, and the upkeep of its journal. */
import { expect, test, vi } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import { withoutAmbient } from './ambient.ts';
import type { Recording } from './recording.ts';
import { simulatedSettings } from './settings.ts';
import { runText } from './testing/scenario-test.ts';
import { World } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

const HEAD = `
name: Doors
until: 2m
world:
  instruments: [AAPL]
  people: { ann: {} }
  traders: { alpha: { owner: ann, budget: 200000 } }
`;
const run = (...script: readonly string[]): Promise<Recording> =>
  runText(`${HEAD}script:\n${script.map((step) => `  - ${step}\n`).join('')}`);

/** How long each line was open, in the order in which they ended. */
const openMs = ({ answers }: Recording): number[] =>
  answers.filter(({ method }) => method === 'WS').map(({ atMs, askedAtMs }) => atMs - askedAtMs);

test('who is let in hears until it hangs up; who says nothing, too much or the wrong thing is told so with a code', async () => {
  const recording = await run(
    '{ at: 10s, by: ann, listen: /ws, for: 20s }',
    `{ at: 10s, listen: /ws, headers: { authorization: '' }, status: 4401 }`,
    `{ at: 10s, listen: /ws, say: [nonsense], for: 3s, has: { 'heard[1].type': error } }`,
    `{ at: 10s, listen: /ws, say: ['${'x'.repeat(17_000)}'], status: 1009 }`,
    '{ at: 10s, listen: /nowhere, nowhere: true }',
  );
  expect(recording.result.failures).toEqual([]);
  expect(openMs(recording)).toEqual([0, 0, 0, 3_000, 20_000]);
});

test('a step that listens fails when the product hangs up, and one that hears something else than it says', async () => {
  const { result } = await run(
    '{ at: 10s, listen: /ws, headers: { authorization: Bearer nobody } }',
    `{ at: 10s, by: ann, listen: /ws, for: 1s, has: { count: 7 } }`,
  );
  expect(result.failures).toEqual([
    expect.stringMatching(/listen: wanted 101, got 4401/),
    expect.stringMatching(/listen: count is 1, not 7/),
  ]);
});

test('a client hears nothing after the death of the process, and is let in by the next one', async () => {
  const recording = await run(
    `{ at: 10s, by: ann, listen: /ws, say: [{ type: subscribe, agentId: '\${alpha.id}' }], status: 1006 }`,
    '{ at: 20s, crash: true }',
    '{ at: 20010ms, by: ann, listen: /ws, status: none }',
    '{ at: 40s, by: ann, listen: /ws, for: 10s }',
  );
  expect(recording.result.failures).toEqual([]);
  expect(openMs(recording)).toEqual([10_000, 0, 10_000]);
});

test('what is heard of an order is durable by then', async () => {
  const place = openMemory();
  await withoutAmbient(async () => {
    const world = new World({ seed: '1', place, settings: simulatedSettings(), symbols: ['AAPL'] });
    await world.open();
    const headers = { authorization: 'Bearer test-bearer-token' };
    void world.callers.listen('watcher', '/events', headers, { say: [], forMs: 60_000 });
    const stop = { reason: 'a test', triggered_by: 'user-123', scope: 'system' };
    const key = { 'idempotency-key': 'once' };
    void world.callers.request('stopper', 'POST', '/api/v1/emergency-stop', { ...headers, ...key }, stop);
    await world.runUntil(world.now + 30_000);
    const halted = place.disk.records.find(({ type }) => type === 'trading.halted');
    const told = world.callers.messages.filter(({ text }) => !text.includes('auth:ok'));
    expect(told.length).toBeGreaterThan(0);
    for (const { durableSequence } of told) expect(durableSequence).toBeGreaterThanOrEqual(halted!.sequence);
  });
});

test('a process that dies over a look at the journal leaves none under way', async () => {
  const recording = await run(
    '{ at: 10s, call: GET /api/v1/house/journal/verify, status: none }',
    '{ at: 10010ms, crash: true }',
    '{ at: 30s, call: GET /api/v1/house/journal/verify, has: { holds: true } }',
    '{ at: 31s, call: GET /api/v1/house/journal/replay, has: { matches: true } }',
  );
  expect(recording.result).toMatchObject({ failures: [], findings: [] });
});

test('on a full disk nothing is copied and nothing archived, and the journal can be proven as before', async () => {
  const recording = await run(
    '{ at: 10s, faults: { database: { diskFull: true } }, for: 20s }',
    '{ at: 15s, call: POST /api/v1/house/backup, status: 5xx }',
    '{ at: 15s, call: GET /api/v1/house/journal/export }',
    `{ at: 18s, call: POST /api/v1/house/journal/archive, body: { keep: 1 }, status: 5xx }`,
    '{ at: 40s, call: POST /api/v1/house/backup }',
    '{ at: 45s, call: GET /api/v1/house/journal/verify, has: { holds: true } }',
  );
  expect(recording.result).toMatchObject({ failures: [], findings: [] });
  expect(recording.result.faults['disk-full']).toBeGreaterThan(1);
});
