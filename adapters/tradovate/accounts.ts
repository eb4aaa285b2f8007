/**
 * Our accounts and Tradovate's: the same names, unless a setting pairs them. Invariant: an order's account is one that Tradovate has
 * listed for us; one that was opened since is found by asking again.
 */
import { TradovateError } from './fault.ts';
import type { Pairs } from './symbols.ts';

export interface TvAccount {
  readonly id: number;
  readonly name: string;
}

export class Accounts {
  private listed = new Map<string, TvAccount>();
  private readonly oursByName: Pairs;

  constructor(
    private readonly pairs: Pairs,
    private readonly list: (signal: AbortSignal) => Promise<readonly TvAccount[]>,
  ) {
    this.oursByName = new Map([...pairs].map(([ours, theirs]) => [theirs, ours]));
  }

  async refresh(signal: AbortSignal): Promise<void> {
    this.listed = new Map((await this.list(signal)).map((account) => [account.name, account]));
  }

  /** Throws TradovateError (`handled: no`) when Tradovate lists no such account. */
  async theirs(accountId: string, signal: AbortSignal): Promise<TvAccount> {
    const name = this.pairs.get(accountId) ?? accountId;
    if (!this.listed.has(name)) await this.refresh(signal);
    const found = this.listed.get(name);
    if (!found) throw new TradovateError(`Tradovate lists no account ${name} for us`, 'no', { retryable: false });
    return found;
  }

  /** Ours, or Tradovate's name of an account that is not ours; of all that are listed. */
  oursById(): ReadonlyMap<number, string> {
    return new Map([...this.listed.values()].map(({ id, name }) => [id, this.oursByName.get(name) ?? name]));
  }
}
