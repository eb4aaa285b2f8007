/** The list of adapters: one shape, names that differ, settings that the configuration page shows, refusals that name what is known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { describeVenue } from '../adapters/paper/conformance.ts';
import { NEVER, orderOf, quoteOf, T0 } from '../adapters/paper/fixtures.ts';
import { SimulatedClock } from '../runtime/simulated/clock.ts';
import { seededRandom } from '../runtime/simulated/random.ts';
import { ADAPTER_SETTINGS, adapterNamed, MARKETS, VENUES } from './adapters.ts';
import { describeSettings } from './describe-settings.ts';
import { openLivePorts, worldOf } from './live-ports.ts';
import { openLog } from './log.ts';
import { readSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'pitwall-adapters-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const settings = (env: Readonly<Record<string, string>> = {}) => readSettings({ DATA_DIR: folder, ...env });

describe('the list', () => {
  test('has each name once a port, and every setting on the configuration page', () => {
    for (const all of [VENUES, MARKETS]) expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    const page = describeSettings();
    const names = Object.keys(ADAPTER_SETTINGS);
    expect(names).toContain('PAPER_VENUE_URL');
    for (const name of names) expect(page).toContain(`| \`${name}\` |`);
  });

  test('refuses an unknown name with those that are known', async () => {
    expect(() => adapterNamed(VENUES, 'VENUE', 'nyse')).toThrow(
      'VENUE=nyse names no adapter of this build; known: paper, paper-remote, tradovate',
    );
    await expect(openLivePorts(settings({ VENUE: 'nyse' }), openLog('silent'))).rejects.toThrow('known: paper');
    const massive = settings({ MARKET_DATA: 'massive', MASSIVE_API_KEY: 'key' });
    await expect(worldOf(massive, new SimulatedClock(T0))).rejects.toThrow(
      'MARKET_DATA=massive names no adapter of this build; known: simulated, replay',
    );
  });

  test('refuses a venue without the setting that it needs', async () => {
    const { adapters } = settings({ VENUE: 'paper-remote' });
    const needs = { folder, powerProof: false, clock: new SimulatedClock(T0), random: seededRandom('x') };
    await expect(adapterNamed(VENUES, 'VENUE', 'paper-remote').open(adapters, needs)).rejects.toThrow(
      'PAPER_VENUE_URL is missing',
    );
    await expect(adapterNamed(VENUES, 'VENUE', 'tradovate').open(adapters, needs)).rejects.toThrow(
      'TRADOVATE_NAME, TRADOVATE_PASSWORD, TRADOVATE_CID, TRADOVATE_SECRET missing',
    );
  });
});

test('the paper venue fills in parts when it is told so, and with each quote the next one', async () => {
  const { adapters } = settings({ PAPER_PARTIAL_FILL_RATIO: '1' });
  const needs = { folder: join(folder, 'parts'), powerProof: false, clock: new SimulatedClock(T0) };
  const paper = adapterNamed(VENUES, 'VENUE', 'paper');
  const { venue, match, close } = await paper.open(adapters, { ...needs, random: seededRandom('parts') });
  await match?.(quoteOf());
  const first = await venue.submit(orderOf({ quantity: '1000' }), NEVER);
  expect(first).toMatchObject({ status: 'accepted', fills: [{ executionId: 'order-1-1' }] });
  for (let quotes = 0; quotes < 200; quotes += 1) await match?.(quoteOf());
  const { status, fills } = await venue.lookup('order-1', NEVER);
  expect(status).toBe('filled');
  expect(fills.length).toBeGreaterThan(1);
  expect(fills.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(1_000);
  await close();
});

let opened = 0;
describeVenue('paper, opened as the list says', async () => {
  opened += 1;
  const needs = { folder: join(folder, String(opened)), powerProof: false, clock: new SimulatedClock(T0) };
  const { venue, match, health, close } = await adapterNamed(VENUES, 'VENUE', 'paper').open(settings().adapters, {
    ...needs,
    random: seededRandom('x'),
  });
  expect(health()).toEqual({ state: 'healthy', simulated: true });
  return { venue, quote: async (quote) => match?.(quote), close };
});
