/**
 * The process: settings, real ports, one product, one port to serve. It listens first and answers 503 until it serves recovered
 * state; SIGTERM drains and exits 0; a house that gave up exits 1.
 */
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { PerformanceAnswered, PortfolioAnswered } from './messages/account.ts';
import type { Quote } from './messages/market.ts';
import { exampleSymbol, greeting, replayResult } from './system/greeting.ts';
import { openLivePorts } from './system/live-ports.ts';
import { openLog } from './system/log.ts';
import { AUTO_TRADER_ACCOUNT, AUTO_TRADER_ID, openProduct, type Product } from './system/product.ts';
import { productSettings } from './system/product-settings.ts';
import { readSettings, type Settings, SettingsError } from './system/settings.ts';
import { inWordsOfSettings, lookAround } from './system/surroundings.ts';

const DRAIN_MS = 8_000;
const PROGRESS_MS = 2_000;
/** 300 MB over a slow line; Node's own five minutes would cut them. A line that says nothing is given up long before. */
const REQUEST_MS_MAX = 3_600_000;
/** How long the greeting waits for a price to show. */
const FIRST_QUOTE_MS = 1_000;

function die(error: unknown): never {
  process.stderr.write(`pitwall: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function settingsOrDie(): Settings {
  try {
    const found = readSettings(process.env);
    lookAround(found);
    return found;
  } catch (error) {
    if (error instanceof SettingsError) die(error);
    throw error;
  }
}

async function showResult({ runtime, market }: Product): Promise<void> {
  const asked = <T extends 'portfolio.get' | 'performance.get'>(type: T) => ({ type, accountId: AUTO_TRADER_ACCOUNT });
  const portfolio = await runtime.ask<PortfolioAnswered>(asked('portfolio.get'));
  const performance = await runtime.ask<PerformanceAnswered>(asked('performance.get'));
  const fills = await ports.place.queries.list('fills', {
    where: [{ column: 'traderId', eq: AUTO_TRADER_ID }],
    orderBy: [],
    limit: 1,
    offset: 0,
  });
  const source = market.describe();
  if (source) process.stdout.write(`${replayResult(portfolio, performance, fills.total, source)}\n`);
}

const settings = settingsOrDie();
const log = openLog(settings.logLevel);
const ports = await openLivePorts(settings, log).catch(die);
const product = openProduct(ports, productSettings(settings), {
  failed(reason) {
    log.error('house.failed', { reason });
    process.exitCode = 1;
    void shutDown();
  },
  marketEnded: () => void showResult(product).catch(die),
});

const server = createServer(
  { requestTimeout: REQUEST_MS_MAX, requireHostHeader: false },
  product.api.listener(settings.host),
);
product.api.attach(server);
server.once('error', (error) => die(inWordsOfSettings(error, settings)));
server.listen(settings.port, settings.host);
await new Promise((resolve) => server.once('listening', resolve));

let stopping = false;
async function shutDown(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const hard = setTimeout(() => process.exit(process.exitCode ?? 1), DRAIN_MS + 2_000);
  hard.unref();
  server.close();
  await product.close(DRAIN_MS).catch((error: unknown) => log.error('shutdown.failed', { reason: String(error) }));
  await ports.close().catch((error: unknown) => log.error('shutdown.failed', { reason: String(error) }));
  process.exit(process.exitCode ?? 0);
}
process.on('SIGTERM', () => void shutDown());
process.on('SIGINT', () => void shutDown());
process.on('uncaughtException', (error) => {
  log.error('process.uncaught', { reason: error.message, stack: error.stack });
  process.exitCode = 1;
  void shutDown();
});

await product.start().catch((error: unknown) => die(inWordsOfSettings(error, settings)));
ports.ready();
const address = server.address();
const port = typeof address === 'object' && address ? address.port : settings.port;
const base = `http://${settings.host}:${port}`;
const source = product.market.describe();
await Promise.race([product.market.opened, delay(FIRST_QUOTE_MS, undefined, { ref: false })]);
const quote = product.runtime.latest('market.quote', exampleSymbol(source)) as Quote | undefined;
const welcome = greeting(base, settings, source, quote);
process.stdout.write(`pitwall listening on ${base}\n${welcome}\n`);

if (source?.kind === 'replay') {
  const progress = setInterval(() => {
    const now = product.market.describe()?.progress;
    if (!now || now.ended) return clearInterval(progress);
    process.stdout.write(`replay ${((now.ratio ?? 0) * 100).toFixed(1)} %, quote ${now.position}\n`);
  }, PROGRESS_MS);
  progress.unref();
}
