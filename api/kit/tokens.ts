/**
 * Bearer tokens: HS256 under a known key, for us, from us, in time; everything else is 401. A verified token is remembered by its
 * SHA-256 until it expires, so that its signature is checked once.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { type Caller, ROLES, type Role } from './caller.ts';
import type { House, OauthClient } from './house.ts';
import { Problem } from './problem.ts';

const TOKEN_TYPE = 'at+jwt';
const TOKEN_LENGTH_MAX = 4_096;
const REMEMBERED_MAX = 10_000;
const BEARER = /^bearer +([\w\-.~+/]+=*)$/i;

export const DEVELOPMENT_TOKEN = 'test-bearer-token';
const DEVELOPMENT_CALLER: Caller = {
  sub: 'user-123',
  roles: new Set<Role>(['trader', 'supervisor', 'admin']),
  accounts: new Set(['*']),
};

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

export const unauthorized = (): Problem =>
  new Problem('unauthorized', 'Missing or invalid authentication token', {
    headers: { 'WWW-Authenticate': 'Bearer realm="pitwall"' },
  });

export class Tokens {
  private readonly remembered = new Map<string, Caller>();
  private readonly keys: ReadonlyMap<string, { readonly secret: Uint8Array; readonly acceptUntilMs: number }>;
  private readonly clients: ReadonlyMap<string, { readonly client: OauthClient; readonly secretHash: Buffer }>;

  constructor(private readonly house: Pick<House, 'settings' | 'clock' | 'ids' | 'track'>) {
    const { signingKeys, clients } = house.settings;
    this.keys = new Map(
      signingKeys.map(({ kid, secret, acceptUntilMs = Number.POSITIVE_INFINITY }) => [
        kid,
        { secret: new TextEncoder().encode(secret), acceptUntilMs },
      ]),
    );
    this.clients = new Map(clients.map((client) => [client.clientId, { client, secretHash: sha256(client.secret) }]));
  }

  /** The caller behind an `Authorization` header. */
  callerOf(authorization: string | undefined): Caller | Promise<Caller> {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthorized();
    return this.verify(token);
  }

  verify(token: string): Caller | Promise<Caller> {
    if (token === DEVELOPMENT_TOKEN && this.house.settings.profile === 'development') return DEVELOPMENT_CALLER;
    if (token.length > TOKEN_LENGTH_MAX) throw unauthorized();
    const hash = sha256(token).toString('base64');
    const known = this.remembered.get(hash);
    if (known && known.expiresAtMs! > this.house.clock.wallNow()) return known;
    if (known) this.remembered.delete(hash);
    return this.house.track(this.verifyFresh(token, hash));
  }

  private async verifyFresh(token: string, hash: string): Promise<Caller> {
    const now = this.house.clock.wallNow();
    const { issuer, audience } = this.house.settings;
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = kid === undefined ? undefined : this.keys.get(kid);
        if (!key || key.acceptUntilMs <= now) throw unauthorized();
        return key.secret;
      },
      {
        algorithms: ['HS256'],
        typ: TOKEN_TYPE,
        issuer,
        audience,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(now),
      },
    ).catch(() => {
      throw unauthorized();
    });
    const caller = callerFrom(payload);
    // A token under a key in its grace is not remembered: the grace must end for it too.
    if (this.remembered.size >= REMEMBERED_MAX) this.remembered.delete(this.remembered.keys().next().value!);
    if (![...this.keys.values()].some(({ acceptUntilMs }) => acceptUntilMs < caller.expiresAtMs!)) {
      this.remembered.set(hash, caller);
    }
    return caller;
  }

  /** The client that knows its secret; every wrong pair takes the same way. */
  clientOf(clientId: string, secret: string): OauthClient | undefined {
    const known = this.clients.get(clientId);
    const right = timingSafeEqual(sha256(secret), known?.secretHash ?? sha256(''));
    return known && right ? known.client : undefined;
  }

  async issue(client: OauthClient): Promise<{ readonly token: string; readonly ttlS: number }> {
    const { signingKeys, issuer, audience, tokenTtlS } = this.house.settings;
    const nowS = Math.floor(this.house.clock.wallNow() / 1_000);
    const { kid, secret } = signingKeys[0]!;
    const token = await this.house.track(
      new SignJWT({ roles: [...client.roles], accounts: [...client.accounts], client_id: client.clientId })
        .setProtectedHeader({ alg: 'HS256', typ: TOKEN_TYPE, kid })
        .setSubject(client.sub)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + tokenTtlS)
        .setJti(this.house.ids.uuid())
        .sign(new TextEncoder().encode(secret)),
    );
    return { token, ttlS: tokenTtlS };
  }
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

function callerFrom(payload: { sub?: unknown; exp?: unknown; roles?: unknown; accounts?: unknown }): Caller {
  if (typeof payload.sub !== 'string' || payload.sub === '' || typeof payload.exp !== 'number') throw unauthorized();
  const claimed = new Set(textsOf(payload.roles));
  return {
    sub: payload.sub,
    roles: new Set(ROLES.filter((role) => claimed.has(role))),
    accounts: new Set(textsOf(payload.accounts)),
    expiresAtMs: payload.exp * 1_000,
  };
}
