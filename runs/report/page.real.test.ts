/** The page in a real browser: it draws, sorts, asks nobody for anything, and says that it is simulated. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../../scripts/lib/chromium.mjs';
import { NO_COSTS } from '../engine/terms.ts';
import { planOf } from '../testing/plans.ts';
import { walkOf } from '../testing/series.ts';
import { renderReport } from './html.ts';
import { runWhole } from './run-whole.ts';

type Browser = Awaited<ReturnType<typeof openBrowser>>;
let browser: Browser;
let page: Awaited<ReturnType<Browser['newPage']>>;
const asked: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  async function* pieces() {
    yield walkOf('page', 20_000, 60_000);
  }
  const about = { name: 'Browser', symbol: 'NQ', costs: NO_COSTS, simulatedMarket: true };
  const report = await runWhole(planOf('max', 'NQ', { target: 15 }), about, pieces());
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1_200, height: 900 } });
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.setContent(renderReport(report!));
});
afterAll(() => browser?.close());

test('says first that it is simulated', async () => {
  const banner = page.locator('.banner');
  expect(await banner.textContent()).toContain(
    'SIMULATED: a backtest on an invented market. Nothing of this was traded.',
  );
  const box = await banner.boundingBox();
  expect(box?.y).toBeLessThan(100);
});

test('draws equity, drawdown and the trades on the price within their frames', async () => {
  const frames = await page.locator('svg').all();
  expect(frames).toHaveLength(3);
  for (const frame of frames) {
    const [outer, line] = [await frame.boundingBox(), await frame.locator('.line').first().boundingBox()];
    expect(line!.width).toBeGreaterThan(outer!.width * 0.8);
    expect(line!.y).toBeGreaterThanOrEqual(outer!.y);
    expect(line!.y + line!.height).toBeLessThanOrEqual(outer!.y + outer!.height);
  }
  expect(await page.locator('.trade.good').count()).toBeGreaterThan(0);
  expect(await page.locator('.trade.bad').count()).toBeGreaterThan(0);
});

test('sorts its trades by the column that is clicked, numbers as numbers', async () => {
  const table = page.locator('table.sortable');
  const column = (await table.locator('th').allTextContents()).indexOf('P/L');
  await table.locator('th').nth(column).click();
  const values = await table
    .locator(`tbody td:nth-child(${column + 1})`)
    .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-value'))));
  expect(values.length).toBeGreaterThan(10);
  expect(values).toEqual(values.toSorted((a, b) => b - a));
});

test('asks nobody for anything and complains of nothing', () => {
  expect(asked).toEqual([]);
  expect(complaints).toEqual([]);
});

test('fits a narrow screen: only its wide tables scroll', async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
});
