/** The report of a scenario as a person opens it: in a real browser, from the file that `npm run scenario -- 12 --html` has written. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../../scripts/lib/chromium.mjs';

let folder: string;
let address: string;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-report-'));
  const file = join(folder, 'stop.html');
  const { status, stderr } = spawnSync(process.execPath, ['dist/scenarios/scenario.js', '12', '--html', file], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  address = pathToFileURL(file).href;
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** What the browser complained about. */
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => void complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('request', (request) => void requests.push(request.url()));
  await page.goto(address);
  return { page, complaints, requests };
}

const WAYS = [
  ['light', 1_280],
  ['dark', 1_280],
  ['light', 390],
  ['dark', 390],
] as const;

describe.each(WAYS)('in %s colours, %i wide', (scheme, width) => {
  test('it shows all its parts, asks nobody for anything, and is no wider than the window', async () => {
    const { page, complaints, requests } = await open(width, scheme);
    const parts = await page.locator('h2:visible').allTextContents();
    expect(parts).toEqual([
      ...['Expectations', 'Timeline', 'Price', 'Equity', 'Orders', 'State charts', 'The scenario'],
    ]);
    expect(await page.locator('.banner:visible').textContent()).toContain('simulated');
    for (const drawing of await page.locator('svg').all())
      expect((await drawing.boundingBox())?.height).toBeGreaterThan(60);
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);
    expect(requests).toEqual([address]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('its text stands out from the paper', async () => {
    const { page } = await open(width, scheme);
    const brightness = (name: string) =>
      page.evaluate(
        `(getComputedStyle(document.body).${name}.match(/\\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part) / 3, 0)`,
      ) as Promise<number>;
    const [ink, paper] = [await brightness('color'), await brightness('backgroundColor')];
    expect(paper > ink).toBe(scheme === 'light');
    expect(Math.abs(paper - ink)).toBeGreaterThan(150);
    await page.close();
  });
});

test('the filter leaves the orders that have all its words', async () => {
  const { page } = await open(1_280, 'light');
  const shown = () => page.locator('.order:visible').count();
  expect(await shown()).toBe(3);
  await page.fill('#filter', 'alpha denied halted');
  expect(await shown()).toBe(1);
  await page.fill('#filter', 'nobody');
  expect(await shown()).toBe(0);
  await page.fill('#filter', '');
  expect(await shown()).toBe(3);
  await page.close();
});

test('an opened order shows its own way through the order machine, and only one is open', async () => {
  const { page } = await open(1_280, 'light');
  const lit = () =>
    page
      .locator('[data-machine="order"] .state.on')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-state')));
  expect(await lit()).toEqual([]);
  const [canceled, denied] = [page.locator('.order').nth(0), page.locator('.order').nth(1)];
  await canceled.locator('summary').click();
  await expect.poll(lit).toContain('canceling');
  expect(await canceled.locator('table').isVisible()).toBe(true);
  expect(await canceled.locator('td.code').allTextContents()).toContain('order.cancel-requested');
  await denied.locator('summary').click();
  await expect.poll(async () => (await lit()).toSorted()).toEqual(['ended', 'gating', 'gating.halt', 'new']);
  expect(await page.locator('.order[open]').count()).toBe(1);
  await page.close();
});
