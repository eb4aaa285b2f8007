/** Settings: what a start accepts, and how it says what it does not. */
import { describe, expect, it } from 'vitest';
import { DEMO_CLIENTS } from './clients.ts';
import { describeSettings } from './describe-settings.ts';
import { environment, metaOf, type SettingName } from './environment.ts';
import { readSettings, SettingsError } from './settings.ts';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
};
const clients = (over: object = {}) =>
  JSON.stringify([
    { clientId: 'desk', secret: 'a-secret-of-ours', sub: 'user-1', roles: ['trader'], accounts: ['*'], ...over },
  ]);
const production = { PROFILE: 'production', SIGNING_KEY: 'k'.repeat(32), CLIENTS: clients() };

describe('without any setting', () => {
  it('a start is the development profile on loopback', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      profile: 'development',
      dataDir: '.data',
      marketData: { kind: 'simulated' },
      venue: 'paper',
      adapters: {
        SIM_SEED: 1,
        SIM_SPEED: 1,
        PAPER_COMMISSION_BPS: '0',
        PAPER_SLIPPAGE_TICKS: 0,
        PAPER_PARTIAL_FILL_RATIO: 0,
      },
      corsOrigins: [],
      publicUrl: undefined,
      trustProxy: false,
      tokenTtlS: 3600,
      rateLimits: true,
      autonomousThreshold: '50000',
      fourEyes: false,
      quotaDailyTrades: 100,
      quotaDailyVolume: '500000',
      clients: DEMO_CLIENTS,
    });
    expect(settings).toMatchObject({
      databaseUrl: undefined,
      redisUrl: undefined,
      ollama: undefined,
      importDir: undefined,
    });
  });
  it('a setting that is set to nothing counts as not set', () => {
    expect(readSettings({ PORT: '', HOST: '  ' })).toMatchObject({ port: 3000, host: '127.0.0.1' });
  });
});

describe('a good value', () => {
  it.each([
    [{ PORT: '0' }, { port: 0 }],
    [{ SIM_SPEED: 'max' }, { adapters: { SIM_SPEED: 'max' } }],
    [{ SIM_SPEED: '2.5' }, { adapters: { SIM_SPEED: 2.5 } }],
    [
      { MARKET_DATA: 'replay:data/EURUSD_ticks.csv' },
      { marketData: { kind: 'replay', file: 'data/EURUSD_ticks.csv' } },
    ],
    [{ MARKET_DATA: 'replay:a.csv#EUR_USD' }, { marketData: { kind: 'replay', file: 'a.csv', instrument: 'EUR_USD' } }],
    [
      { CORS_ORIGINS: 'https://a.example, http://localhost:5173' },
      { corsOrigins: ['https://a.example', 'http://localhost:5173'] },
    ],
    [
      { PUBLIC_URL: 'https://desk.example:8443/pitwall', TRUST_PROXY: 'on' },
      { publicUrl: 'https://desk.example:8443/pitwall', trustProxy: true },
    ],
    [
      { FOUR_EYES: 'on', RATE_LIMITS: 'off' },
      { fourEyes: true, rateLimits: false },
    ],
    [{ AUTONOMOUS_THRESHOLD: '1000.50' }, { autonomousThreshold: '1000.50' }],
    [
      { OLLAMA_HOST: 'http://127.0.0.1:11434', OLLAMA_MODEL: 'smol' },
      { ollama: { host: 'http://127.0.0.1:11434', model: 'smol' } },
    ],
    [
      { PAPER_VENUE_URL: 'http://127.0.0.1:4000' },
      { venue: 'paper-remote', adapters: { PAPER_VENUE_URL: 'http://127.0.0.1:4000' } },
    ],
    [{ VENUE: 'paper', PAPER_VENUE_URL: 'http://127.0.0.1:4000' }, { venue: 'paper' }],
    [
      { PERSONALITY_VARIANCE: 'on', RECONCILE_EVERY_S: '5' },
      { personalityVariance: true, reconcileEveryS: 5 },
    ],
    [
      { VENUE: 'tradovate', TRADOVATE_URL: 'http://127.0.0.1:4000/v1', RECONCILE_EVERY_S: '1' },
      { venue: 'tradovate', reconcileEveryS: 1 },
    ],
    [{ JOURNAL_KEEP_RECORDS: '50000' }, { journalKeepRecords: 50_000 }],
    [{ RUNS_KEEP_DAYS: '90' }, { runsKeepDays: 90 }],
    [{ PAPER_PARTIAL_FILL_RATIO: '0.25' }, { adapters: { PAPER_PARTIAL_FILL_RATIO: 0.25 } }],
    [{ VENUE: 'tradovate', RECONCILE_EVERY_S: '10' }, { reconcileEveryS: 10 }],
    [{ CLIENTS: clients() }, { clients: JSON.parse(clients()) }],
    [
      { FAILPOINT: 'db.down@3:order.intended' },
      { failpoint: { point: 'db.down', nth: 3, recordType: 'order.intended' } },
    ],
  ])('is read: %o', (env, expected) => expect(readSettings(env)).toMatchObject(expected));

  it('names each signing key by an id that tells nothing of it', () => {
    const { signingKey, previousSigningKey } = readSettings({
      SIGNING_KEY: 'a'.repeat(32),
      SIGNING_KEY_PREVIOUS: 'b'.repeat(32),
    });
    expect(signingKey).toEqual({ kid: expect.stringMatching(/^[0-9a-f]{8}$/), secret: 'a'.repeat(32) });
    expect(previousSigningKey?.kid).not.toBe(signingKey.kid);
  });
});

it('Tradovate itself is not looked at more often than it answers', () => {
  for (const TRADOVATE_URL of [undefined, 'https://demo.tradovateapi.com/v1'])
    expect(() => readSettings({ VENUE: 'tradovate', RECONCILE_EVERY_S: '9', TRADOVATE_URL })).toThrow(
      'RECONCILE_EVERY_S="9" asks Tradovate for more than it answers; allowed: 10 to 3600',
    );
});

describe('a bad value', () => {
  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['PORT', 'http'],
    ['PORT', '0x50'],
    ['PROFILE', 'test'],
    ['LOG_LEVEL', 'loud'],
    ['DATABASE_URL', 'mysql://localhost/db'],
    ['REDIS_URL', 'localhost:6379'],
    ['OLLAMA_HOST', '127.0.0.1:11434'],
    ['MARKET_DATA', 'yahoo'],
    ['MARKET_DATA', 'replay:'],
    ['SIM_SEED', '-3'],
    ['SIM_SPEED', '0'],
    ['SIM_SPEED', 'fast'],
    ['PUBLIC_URL', 'desk.example'],
    ['PUBLIC_URL', 'https://desk.example/?a=1'],
    ['PUBLIC_URL', 'https://user:secret@desk.example'],
    ['TRUST_PROXY', 'yes'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example/path'],
    ['AUTONOMOUS_THRESHOLD', '0'],
    ['AUTONOMOUS_THRESHOLD', '1e5'],
    ['FOUR_EYES', 'true'],
    ['QUOTA_DAILY_TRADES', '0'],
    ['QUOTA_DAILY_VOLUME', 'lots'],
    ['RATE_LIMITS', 'no'],
    ['TOKEN_TTL_S', '0'],
    ['SIGNING_KEY', 'short'],
    ['CLIENTS', '{'],
    ['CLIENTS', '[]'],
    ['CLIENTS', clients({ roles: ['king'] })],
    ['CLIENTS', clients({ secret: 'short' })],
    ['PAPER_VENUE_URL', 'http://venue.example:4000'],
    ['PAPER_COMMISSION_BPS', '-1'],
    ['PAPER_SLIPPAGE_TICKS', '1.5'],
    ['PAPER_PARTIAL_FILL_RATIO', '1.01'],
    ['JOURNAL_KEEP_RECORDS', '999'],
    ['RUNS_KEEP_DAYS', '0'],
    ['TRADOVATE_ENVIRONMENT', 'paper'],
    ['TRADOVATE_URL', 'http://tradovate.example/v1'],
    ['TRADOVATE_SOCKET_URL', 'ws://tradovate.example/v1/websocket'],
    ['TRADOVATE_ACCOUNTS', 'ours'],
    ['TRADOVATE_SYMBOLS', 'NQ=ESZ6'],
    ['FAILPOINT', 'commit.before'],
    ['FAILPOINT', 'commit.never@1'],
    ['FAILPOINT', 'commit.before@0'],
    ['FAILPOINT', 'venue.after-submit@1:order.sent'],
    ['FAILPOINT', 'commit.before@1/a b'],
    ['FAILPOINT', 'agent.broken@1'],
  ])('is named with its problem and the allowed form: %s=%s', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}=.+; allowed: .+`));
    expect(problems[0]).toContain(metaOf(name as SettingName).form);
  });

  it('is named together with all other bad ones', () => {
    expect(problemsOf({ PORT: 'x', SIM_SPEED: 'y', RATE_LIMITS: 'z' })).toHaveLength(3);
  });

  it('never shows a secret', () => {
    const secret = 'hunter2';
    const problems = problemsOf({
      SIGNING_KEY: secret,
      DATABASE_URL: `x://u:${secret}@h/d`,
      CLIENTS: `[{"secret":"${secret}"}]`,
    });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain(secret);
  });

  it('is a client list that names one client twice', () => {
    const twice = `[${clients().slice(1, -1)},${clients().slice(1, -1)}]`;
    expect(problemsOf({ CLIENTS: twice })).toEqual([expect.stringContaining('names client desk twice')]);
  });
});

describe('the production profile', () => {
  it('starts with its own signing key and clients', () => expect(problemsOf(production)).toEqual([]));
  it('names everything that it misses', () => {
    expect(problemsOf({ PROFILE: 'production', RATE_LIMITS: 'off', FAILPOINT: 'commit.before@1' })).toEqual([
      expect.stringMatching(/^SIGNING_KEY is missing/),
      expect.stringMatching(/^CLIENTS is missing/),
      expect.stringMatching(/^RATE_LIMITS/),
      expect.stringMatching(/^FAILPOINT/),
    ]);
  });
  it('refuses what the development profile knows', () => {
    expect(problemsOf({ ...production, SIGNING_KEY: readSettings({}).signingKey.secret })).toHaveLength(1);
    expect(problemsOf({ ...production, CLIENTS: JSON.stringify(DEMO_CLIENTS) })).toHaveLength(1);
  });
});

describe('real money', () => {
  const live = { VENUE: 'tradovate', TRADOVATE_ENVIRONMENT: 'live' };
  it('is never traded at invented or old prices, nor by the development profile', () => {
    expect(problemsOf({ ...production, ...live })).toEqual([expect.stringContaining('MARKET_DATA=simulated')]);
    expect(problemsOf({ ...production, ...live, MARKET_DATA: 'replay:a.csv' })).toHaveLength(1);
    const massive = { MARKET_DATA: 'massive', MASSIVE_API_KEY: 'key' };
    expect(problemsOf({ ...live, ...massive })).toEqual([expect.stringContaining('production only')]);
    expect(problemsOf({ ...production, ...live, ...massive })).toEqual([]);
  });
  it('is not meant by a venue of play money', () => {
    expect(problemsOf({ TRADOVATE_ENVIRONMENT: 'live' })).toEqual([]);
    expect(problemsOf({ VENUE: 'tradovate' })).toEqual([]);
  });
});

describe('settings that need each other', () => {
  it.each([
    [{ MARKET_DATA: 'massive' }, 'MASSIVE_API_KEY'],
    [{ MARKET_DATA: 'metaapi' }, 'METAAPI_TOKEN'],
    [{ OLLAMA_MODEL: 'smol' }, 'OLLAMA_HOST'],
    [{ REDIS_URL: 'redis://127.0.0.1:6379' }, 'DATABASE_URL'],
  ])('%o asks for %s', (env, name) => expect(problemsOf(env)).toEqual([expect.stringMatching(`^${name} is missing`)]));
});

describe('the configuration page', () => {
  it('has a row for every setting with its form', () => {
    const page = describeSettings();
    for (const name of Object.keys(environment.shape) as SettingName[]) {
      expect(page).toContain(`| \`${name}\` | ${metaOf(name).form.replaceAll('|', '\\|')} |`);
    }
  });
});
