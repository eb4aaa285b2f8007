/**
 * The settings of a start, read once. A bad one stops the start: all are named together, each with its problem and the allowed form,
 * and no secret is ever shown. Production never starts with anything that the development profile knows.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { ADAPTER_SETTINGS, VENUES } from './adapters.ts';
import { DEMO_CLIENTS } from './clients.ts';
import { environment, metaOf } from './environment.ts';

type Values = z.infer<typeof environment>;
type Name = keyof Values;

export class SettingsError extends Error {
  /** One line a problem. */
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`bad settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Everybody can read it here, so that it is good for loopback only. */
const DEVELOPMENT_KEY = 'pitwall-development-signing-key-known-to-everybody';

export type Settings = ReturnType<typeof readSettings>;

export function readSettings(env: Readonly<Record<string, string | undefined>>) {
  const values = parse(env);
  const problems = profileProblems(values);
  if (problems.length > 0) throw new SettingsError(problems);
  return {
    host: values.HOST,
    port: values.PORT,
    profile: values.PROFILE,
    logLevel: values.LOG_LEVEL,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    ollama: values.OLLAMA_HOST === undefined ? undefined : { host: values.OLLAMA_HOST, model: values.OLLAMA_MODEL },
    marketData: values.MARKET_DATA,
    massiveApiKey: values.MASSIVE_API_KEY,
    metaapiToken: values.METAAPI_TOKEN,
    importDir: values.IMPORT_DIR,
    corsOrigins: values.CORS_ORIGINS,
    publicUrl: values.PUBLIC_URL,
    trustProxy: values.TRUST_PROXY,
    signingKey: signingKey(values.SIGNING_KEY ?? DEVELOPMENT_KEY),
    previousSigningKey: values.SIGNING_KEY_PREVIOUS === undefined ? undefined : signingKey(values.SIGNING_KEY_PREVIOUS),
    clients: values.CLIENTS ?? DEMO_CLIENTS,
    tokenTtlS: values.TOKEN_TTL_S,
    rateLimits: values.RATE_LIMITS,
    autonomousThreshold: values.AUTONOMOUS_THRESHOLD,
    fourEyes: values.FOUR_EYES,
    quotaDailyTrades: values.QUOTA_DAILY_TRADES,
    quotaDailyVolume: values.QUOTA_DAILY_VOLUME,
    reconcileEveryS: values.RECONCILE_EVERY_S,
    reconcileCashTolerance: values.RECONCILE_CASH_TOLERANCE,
    journalKeepRecords: values.JOURNAL_KEEP_RECORDS,
    runsKeepDays: values.RUNS_KEEP_DAYS,
    personalityVariance: values.PERSONALITY_VARIANCE,
    venue: venueOf(values),
    /** As the adapters declared them. */
    adapters: ofAdapters(values),
    failpoint: values.FAILPOINT,
  };
}

const venueOf = ({ VENUE, PAPER_VENUE_URL }: Values): string =>
  VENUE ?? (PAPER_VENUE_URL === undefined ? 'paper' : 'paper-remote');

/** What adapters are opened with: their own settings and nobody else's. */
function ofAdapters(values: Values): Pick<Values, keyof typeof ADAPTER_SETTINGS> {
  const names = Object.keys(ADAPTER_SETTINGS) as (keyof typeof ADAPTER_SETTINGS)[];
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<Values, keyof typeof ADAPTER_SETTINGS>;
}

/** A setting that is set to nothing counts as not set. */
function parse(env: Readonly<Record<string, string | undefined>>): Values {
  const given = Object.keys(environment.shape).map((name) => [name, env[name]?.trim() || undefined]);
  const parsed = environment.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const first = new Map(parsed.error.issues.toReversed().map(({ path, message }) => [path[0] as Name, message]));
  throw new SettingsError([...first].map(([name, problem]) => settingProblem(name, env[name], problem)).toReversed());
}

/** A line of a SettingsError. */
export function settingProblem(name: Name, value: string | undefined, problem: string): string {
  const { form, secret } = metaOf(name);
  return `${name}=${secret ? '(not shown)' : JSON.stringify(value)} ${problem}; allowed: ${form}`;
}

function profileProblems(values: Values): string[] {
  const missing = (name: Name, why: string) =>
    values[name] === undefined ? [`${name} is missing: ${why}; allowed: ${metaOf(name).form}`] : [];
  const problems = [
    ...(values.MARKET_DATA.kind === 'massive' ? missing('MASSIVE_API_KEY', 'MARKET_DATA=massive needs it') : []),
    ...(values.MARKET_DATA.kind === 'metaapi' ? missing('METAAPI_TOKEN', 'MARKET_DATA=metaapi needs it') : []),
    ...(values.REDIS_URL === undefined
      ? []
      : missing('DATABASE_URL', 'jobs on Redis are remembered in a PostgreSQL server')),
    ...(values.OLLAMA_MODEL === undefined ? [] : missing('OLLAMA_HOST', 'OLLAMA_MODEL is set')),
    ...realMoneyProblems(values),
    ...venueProblems(values),
  ];
  if (values.PROFILE === 'development') return problems;
  return [
    ...problems,
    ...missing('SIGNING_KEY', 'production signs tokens with a key of its own'),
    ...missing('CLIENTS', 'production knows no demo clients'),
    ...(values.SIGNING_KEY === DEVELOPMENT_KEY
      ? [`SIGNING_KEY=(not shown) is the development profile's own; allowed: another one`]
      : []),
    ...(values.CLIENTS?.some(isDemoClient)
      ? ['CLIENTS=(not shown) holds a demo client with its known secret; allowed: secrets of your own']
      : []),
    ...(values.RATE_LIMITS ? [] : ['RATE_LIMITS="off" is for development only; allowed: on']),
    ...(values.FAILPOINT ? ['FAILPOINT is for development only; allowed: not set'] : []),
  ];
}

/** Orders with real money are never given at invented or old prices, nor to a house whose tokens everybody knows. */
function realMoneyProblems({ VENUE, TRADOVATE_ENVIRONMENT, MARKET_DATA, PROFILE }: Values): string[] {
  if (VENUE !== 'tradovate' || TRADOVATE_ENVIRONMENT !== 'live') return [];
  const live = 'TRADOVATE_ENVIRONMENT="live"';
  return [
    ...(PROFILE === 'development' ? [`${live} is for production only; allowed: demo`] : []),
    ...(MARKET_DATA.kind === 'simulated' || MARKET_DATA.kind === 'replay'
      ? [`${live} trades real money, MARKET_DATA=${MARKET_DATA.kind} is no market of now; allowed: demo`]
      : []),
  ];
}

function venueProblems(values: Values): readonly string[] {
  const venue = VENUES.find(({ name }) => name === venueOf(values));
  return venue?.problems?.(values, { reconcileEveryS: values.RECONCILE_EVERY_S }) ?? [];
}

const isDemoClient = (client: { readonly secret: string }): boolean =>
  DEMO_CLIENTS.some(({ secret }) => secret === client.secret);

/** The key's id says which key without saying anything of it. */
const signingKey = (secret: string) => ({ kid: createHash('sha256').update(secret).digest('hex').slice(0, 8), secret });
