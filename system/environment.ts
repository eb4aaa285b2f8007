/**
 * Every setting of the environment: its allowed form, its default and what it is for, in one schema. docs/CONFIGURATION.md is
 * rendered from it. A value outside its form never gets past this schema.
 */
import { z } from 'zod';
import {
  address,
  decimal,
  optional,
  parsedBy,
  type SettingMeta,
  setting,
  whole,
  words,
} from '../adapters/kit/setting.ts';
import { ADAPTER_SETTINGS } from './adapters.ts';
import { parseClients } from './clients.ts';
import { FAILPOINT_FORM, parseFailpoint } from './failpoints.ts';

const positiveDecimal = decimal.refine((value) => Number(value) > 0, 'is not above zero');
const onOff = z.enum(['on', 'off'], 'is neither on nor off').transform((value) => value === 'on');
const ORIGIN = /^https?:\/\/[\w.-]+(:\d+)?$/;

const marketData = z
  .string()
  .regex(/^(simulated|massive|metaapi|replay:.+)$/, 'names no known source')
  .transform((value) => {
    if (!value.startsWith('replay:')) return { kind: value as 'simulated' | 'massive' | 'metaapi' };
    const [file = '', instrument] = value.slice('replay:'.length).split('#');
    return { kind: 'replay' as const, file, ...(instrument ? { instrument } : {}) };
  });

export const environment = z.object({
  HOST: setting(words, { about: 'Address to listen on.', form: 'a host name or IP address', fallback: '127.0.0.1' }),
  PORT: setting(whole(0, 65_535), {
    about: 'Port to listen on; 0 picks a free one.',
    form: '0 to 65535',
    fallback: '3000',
  }),
  PROFILE: setting(z.enum(['development', 'production'], 'is no known profile'), {
    about:
      'The development profile has demo clients and the demo token; production refuses to start without its own SIGNING_KEY and CLIENTS.',
    form: 'development or production',
    fallback: 'development',
  }),
  LOG_LEVEL: setting(z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'is no log level'), {
    about: 'The least severe log line that is written.',
    form: 'debug, info, warn, error or silent',
    fallback: 'info',
  }),
  DATA_DIR: setting(words, {
    about: 'Folder of the embedded database; made when it is missing.',
    form: 'a folder that can be written',
    fallback: '.data',
  }),
  DATABASE_URL: optional(address('postgres', 'postgresql'), {
    about: 'PostgreSQL server; without it the embedded database in DATA_DIR is used.',
    form: 'postgres://user:password@host:port/database',
    secret: true,
  }),
  REDIS_URL: optional(address('redis', 'rediss'), {
    about:
      'Redis for jobs, which `npm run worker` then runs; needs DATABASE_URL and noeviction. Without it jobs run in this process.',
    form: 'redis://host:port',
    secret: true,
  }),
  OLLAMA_HOST: optional(address('http', 'https'), { about: 'Ollama server of the copilot.', form: 'http://host:port' }),
  OLLAMA_MODEL: optional(words, { about: 'Model that the copilot asks for.', form: 'a model name' }),
  MARKET_DATA: setting(marketData, {
    about:
      'Where prices come from. A replay takes the instrument from the file name up to the first `_`, or from `#EUR_USD` behind it.',
    form: 'simulated, replay:<file>, massive or metaapi',
    fallback: 'simulated',
  }),
  MASSIVE_API_KEY: optional(words, { about: 'Key for MARKET_DATA=massive.', form: 'a key', secret: true }),
  METAAPI_TOKEN: optional(words, { about: 'Token for MARKET_DATA=metaapi.', form: 'a token', secret: true }),
  IMPORT_DIR: optional(words, {
    about: 'The only folder that `file_path` may name files of; without it such requests get 403.',
    form: 'a folder that is there',
  }),
  CORS_ORIGINS: setting(
    z
      .string()
      .transform((value) =>
        value
          .split(',')
          .map((origin) => origin.trim())
          .filter(Boolean),
      )
      .refine((origins) => origins.every((origin) => ORIGIN.test(origin)), 'holds something that is no origin'),
    {
      about: 'Origins of browsers that may call.',
      form: 'origins like https://desk.example.com, separated by commas',
      fallback: '',
    },
  ),
  PUBLIC_URL: optional(
    address('http', 'https').refine((value) => /^[^?#@]+$/.test(value), 'has more than scheme, host, port and path'),
    {
      about:
        'Where clients reach this house when a proxy stands before it: links in answers (`next`, `previous`, `Link`) begin with it, and pages of its origin may open sockets.',
      form: 'an address like https://desk.example.com or https://example.com/pitwall',
    },
  ),
  TRUST_PROXY: setting(onOff, {
    about:
      'Whether the X-Forwarded-Proto, -Host and -For of the nearest proxy count: for links where PUBLIC_URL is not set, and for whom limits by address count. Only where nobody can reach this house past the proxy.',
    form: 'on or off',
    fallback: 'off',
  }),
  SIGNING_KEY: optional(z.string().min(32, 'has less than 32 characters'), {
    about: 'Key that signs access tokens. The development profile has one of its own.',
    form: 'at least 32 characters',
    secret: true,
  }),
  SIGNING_KEY_PREVIOUS: optional(z.string().min(32, 'has less than 32 characters'), {
    about: 'The key before: tokens signed with it are accepted until TOKEN_TTL_S after the start.',
    form: 'at least 32 characters',
    secret: true,
  }),
  CLIENTS: optional(parsedBy(parseClients), {
    about: 'Clients that may ask for tokens. The development profile has demo clients.',
    form: 'JSON: [{"clientId", "secret" (16 characters or more), "sub", "roles": […], "accounts": […]}, …]',
    secret: true,
  }),
  TOKEN_TTL_S: setting(whole(1, 86_400), {
    about: 'Life of an access token in seconds.',
    form: '1 to 86400',
    fallback: '3600',
  }),
  RATE_LIMITS: setting(onOff, {
    about: "The contracts' rate limits; off is for development only.",
    form: 'on or off',
    fallback: 'on',
  }),
  AUTONOMOUS_THRESHOLD: setting(positiveDecimal, {
    about: 'Order amount in USD above which a supervisor decides.',
    form: 'a decimal number above 0',
    fallback: '50000',
  }),
  FOUR_EYES: setting(onOff, {
    about:
      'An emergency stop is released by another person than the one who triggered it, an order approved by another than the one who asked for it, and limits loosened by another than who trades by them, whichever comes first.',
    form: 'on or off',
    fallback: 'off',
  }),
  QUOTA_DAILY_TRADES: setting(whole(1, 1_000_000_000), {
    about: 'Orders of one trader a UTC day.',
    form: 'a whole number from 1',
    fallback: '100',
  }),
  QUOTA_DAILY_VOLUME: setting(positiveDecimal, {
    about: 'Volume of one trader a UTC day in USD.',
    form: 'a decimal number above 0',
    fallback: '500000',
  }),
  RECONCILE_EVERY_S: setting(whole(1, 3_600), {
    about: "How often our books are held against the venue's, in seconds.",
    form: '1 to 3600',
    fallback: '30',
  }),
  RECONCILE_CASH_TOLERANCE: setting(decimal, {
    about:
      "How far an account's cash at a venue that tells it may be from our books before it is told, in USD. Nothing is halted for it.",
    form: 'a decimal number, 0 or more',
    fallback: '1',
  }),
  JOURNAL_KEEP_RECORDS: optional(whole(1_000, 1_000_000_000), {
    about:
      'How many of the newest records stay in the table: ten minutes after the start and then daily the others are moved to the archive. Without it only `archive --keep` moves any.',
    form: '1000 to 1000000000',
  }),
  RUNS_KEEP_DAYS: optional(whole(1, 36_500), {
    about:
      'How many days the events, trades and equity of an ended run stay: ten minutes after the start and then daily those of older ones are removed for good. Their figures stay, and `report` makes the lines again. Without it everything stays.',
    form: '1 to 36500',
  }),
  PERSONALITY_VARIANCE: setting(onOff, {
    about: 'Orders that ask for it are varied in size, price and time, on accounts whose limits allow that.',
    form: 'on or off',
    fallback: 'off',
  }),
  VENUE: optional(words, {
    about:
      'Where orders go: the name of a venue adapter. Without it paper-remote when PAPER_VENUE_URL is set, else paper.',
    form: 'paper, paper-remote or tradovate',
  }),
  ...ADAPTER_SETTINGS,
  FAILPOINT: optional(parsedBy(parseFailpoint), {
    about:
      'For crash runs, in development only: makes this process die, or its database or an agent fail, at an exact moment.',
    form: FAILPOINT_FORM,
  }),
});

export type SettingName = keyof typeof environment.shape;

/** What was written beside the setting. */
export function metaOf(name: SettingName): SettingMeta {
  return environment.shape[name].meta() as unknown as SettingMeta;
}
