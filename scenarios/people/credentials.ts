/**
 * What somebody shows at the door. Whoever shares the development user's token shows that; whoever has a client asks for tokens as any
 * client does, and for another one before the one he has is out of date by any clock of the house, however wrong that is.
 */
import type { World } from '../world.ts';
import { parsed } from './person.ts';
import { secretOf } from './script.ts';

export interface Credentials {
  /** Whose they are, as the product knows him. */
  readonly sub: string;
  /** Undefined: the house gives him none at the moment. */
  token(): string | Promise<string | undefined>;
}

/** Those of one token that never changes. */
export const SHARED: Credentials = { sub: 'user-123', token: () => 'test-bearer-token' };

const TRIES_MAX = 6;
const PAUSE_MS = 3_000;
/** More than a house's clock is ever wrong, there and back. */
const SPARE_MS = 300_000;

interface Held {
  readonly token: string | undefined;
  readonly untilMs: number;
}

export class ClientCredentials implements Credentials {
  private held: Held = { token: undefined, untilMs: Number.NEGATIVE_INFINITY };
  /** One request at a time: who needs it too waits for the same. */
  private asking: Promise<Held> | undefined;

  constructor(
    private readonly world: World,
    readonly sub: string,
  ) {}

  async token(): Promise<string | undefined> {
    if (!this.asking && this.held.untilMs <= this.world.now) this.asking = this.ask();
    if (this.asking) this.held = await this.asking;
    this.asking = undefined;
    return this.held.token;
  }

  private async ask(): Promise<Held> {
    const { world, sub } = this;
    const body = { grant_type: 'client_credentials', client_id: sub, client_secret: secretOf(sub) };
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const answer = await world.callers.request(`${sub} POST /oauth/token`, 'POST', '/oauth/token', {}, body);
      const granted = parsed<{ readonly access_token: string; readonly expires_in: number }>(answer);
      if (granted) return { token: granted.access_token, untilMs: world.now + granted.expires_in * 1_000 - SPARE_MS };
      await world.runner.sleep(PAUSE_MS);
    }
    return { token: undefined, untilMs: world.now };
  }
}
