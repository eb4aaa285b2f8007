/**
 * The settings of Tradovate. Secrets are marked as such and never shown. Invariant: an address that is not on loopback is encrypted, and
 * real money is traded only when the environment says `live` in so many words.
 */
import { z } from 'zod';
import type { HouseTerms } from '../kit/adapter.ts';
import { address, isOnLoopback, optional, parsedBy, setting, words } from '../kit/setting.ts';
import { parsePairs, parseSymbols } from './symbols.ts';

/** A look at open orders and positions is up to eleven requests, cash among them, and whoever asks too much is refused everything for an hour. */
const LOOK_EVERY_MIN_S = 10;

const encrypted = (schema: ReturnType<typeof address>) =>
  schema.refine((value) => /^(https|wss):/.test(value) || isOnLoopback(value), 'is neither encrypted nor on loopback');

export const settings = {
  TRADOVATE_ENVIRONMENT: setting(z.enum(['demo', 'live'], 'is neither demo nor live'), {
    about: "Tradovate's simulation, or real money: live needs the production profile and prices that are not invented.",
    form: 'demo or live',
    fallback: 'demo',
  }),
  TRADOVATE_URL: optional(encrypted(address('https', 'http')), {
    about: "Another address of Tradovate's REST interface than that of its environment.",
    form: 'https://host/v1, or http:// on loopback',
  }),
  TRADOVATE_SOCKET_URL: optional(encrypted(address('wss', 'ws')), {
    about: "Another address of Tradovate's WebSocket than /websocket below the REST interface.",
    form: 'wss://host/v1/websocket, or ws:// on loopback',
  }),
  TRADOVATE_NAME: optional(words, { about: 'User for VENUE=tradovate.', form: 'a user name' }),
  TRADOVATE_PASSWORD: optional(words, { about: 'Password for VENUE=tradovate.', form: 'a password', secret: true }),
  TRADOVATE_APP_ID: setting(words, {
    about: 'Name under which this application is registered at Tradovate.',
    form: 'a name',
    fallback: 'Pitwall',
  }),
  TRADOVATE_CID: optional(words, { about: 'Client id of the API key for VENUE=tradovate.', form: 'a client id' }),
  TRADOVATE_SECRET: optional(words, {
    about: 'Secret of the API key for VENUE=tradovate.',
    form: 'a secret',
    secret: true,
  }),
  TRADOVATE_ACCOUNTS: setting(parsedBy(parsePairs), {
    about: 'Our accounts whose names at Tradovate are others; all others have the same name in both places.',
    form: 'ours=theirs, separated by commas',
    fallback: '',
  }),
  TRADOVATE_SYMBOLS: setting(parsedBy(parseSymbols), {
    about:
      'Contracts that a symbol of ours stands for; without it only dated symbols are traded. A person decides about a roll.',
    form: 'like NQ=NQZ6, separated by commas',
    fallback: '',
  }),
};

/** One of our own on loopback counts no requests. */
export function tooManyLooks(url: string | undefined, { reconcileEveryS }: HouseTerms): readonly string[] {
  const isOurs = url !== undefined && isOnLoopback(url);
  if (isOurs || reconcileEveryS >= LOOK_EVERY_MIN_S) return [];
  return [
    `RECONCILE_EVERY_S="${reconcileEveryS}" asks Tradovate for more than it answers; allowed: ${LOOK_EVERY_MIN_S} to 3600`,
  ];
}
