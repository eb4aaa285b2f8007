/** Tradovate: futures over its REST interface and its WebSocket. Nothing is asked before `open`; wrong credentials stop the start. */
import type { AdapterHealth, VenueAdapter } from '../kit/adapter.ts';
import { Accounts } from './accounts.ts';
import { ARRIVAL_MAX_MS } from './certainty.ts';
import { Client } from './client.ts';
import { ClientIds } from './client-ids.ts';
import { Desk } from './desk.ts';
import { type Http, openHttp } from './http.ts';
import { Mirror } from './mirror.ts';
import { openSession, type Session } from './session.ts';
import { settings, tooManyLooks } from './settings.ts';
import { openSocket, type Socket } from './socket.ts';
import { Symbols } from './symbols.ts';

const TIMEOUT_MS = 10_000;
const RATE_LIMITED_MS = 3_600_000;
const ANSWER_WITHIN_MS = 5_000;
const RETRY_MIN_MS = 1_000;
const APP_VERSION = '1.0';

/** The patience of tests is shorter. */
export interface Patience {
  readonly timeoutMs: number;
  readonly rateLimitedMs: number;
  readonly answerWithinMs: number;
  readonly arrivalMaxMs: number;
  readonly retryMinMs: number;
}

const PATIENCE: Patience = {
  ...{ timeoutMs: TIMEOUT_MS, rateLimitedMs: RATE_LIMITED_MS, answerWithinMs: ANSWER_WITHIN_MS },
  ...{ arrivalMaxMs: ARRIVAL_MAX_MS, retryMinMs: RETRY_MIN_MS },
};

const NEEDED = ['TRADOVATE_NAME', 'TRADOVATE_PASSWORD', 'TRADOVATE_CID', 'TRADOVATE_SECRET'] as const;

const healthOf = (session: Session, socket: Socket, http: Http): AdapterHealth['state'] => {
  if (session.problem() !== undefined || http.isLimited()) return 'unhealthy';
  return socket.isLive() ? 'healthy' : 'degraded';
};

/** Waits for the first sign-in, no longer than a request takes; who is merely away may come later. */
async function firstSignIn(session: Session, timeoutMs: number): Promise<void> {
  await session.token(AbortSignal.timeout(timeoutMs)).catch(() => {});
  const problem = session.problem();
  if (!session.isRefused()) return;
  session.close();
  throw new Error(`${NEEDED.join(', ')}: ${problem}`);
}

export const tradovateWith = (patience: Patience): VenueAdapter<typeof settings> => ({
  name: 'tradovate',
  port: 'venue',
  settings,
  problems: ({ TRADOVATE_URL: url }, house) => tooManyLooks(url, house),
  async open(given, { clock, random }) {
    const missing = NEEDED.filter((name) => given[name] === undefined);
    if (missing.length > 0) throw new Error(`${missing.join(', ')} missing: VENUE=tradovate needs them`);
    const { TRADOVATE_ENVIRONMENT: environment, TRADOVATE_NAME: name = '', TRADOVATE_PASSWORD: password = '' } = given;
    const { TRADOVATE_CID: cid = '', TRADOVATE_SECRET: sec = '', TRADOVATE_APP_ID: appId } = given;
    const url = given.TRADOVATE_URL ?? `https://${environment}.tradovateapi.com/v1`;
    const { timeoutMs, rateLimitedMs, retryMinMs } = patience;
    const http = openHttp({ url, clock, timeoutMs, rateLimitedMs });
    const session = openSession({
      http,
      clock,
      credentials: { name, password, cid, sec, appId, appVersion: APP_VERSION },
    });
    await firstSignIn(session, timeoutMs);
    const desk = new Desk(http, session);
    const mirror = new Mirror();
    const accounts = new Accounts(given.TRADOVATE_ACCOUNTS, desk.accounts);
    const symbols = new Symbols(given.TRADOVATE_SYMBOLS);
    const venue = new Client({ desk, mirror, accounts, symbols, ids: new ClientIds(), clock, ...patience });
    const socket = openSocket({
      ...{
        session,
        clock,
        random,
        retryMinMs,
        url: given.TRADOVATE_SOCKET_URL ?? `${url.replace(/^http/, 'ws')}/websocket`,
      },
      onSync: (sync) => venue.news.sync(sync),
      onEntity: (type, entity) => mirror.takeEntity(type, entity),
    });
    return {
      venue,
      health: () => ({ state: healthOf(session, socket, http), simulated: environment === 'demo' }),
      async close() {
        venue.close();
        session.close();
        await socket.close();
      },
    };
  },
});

export const tradovate = tradovateWith(PATIENCE);
