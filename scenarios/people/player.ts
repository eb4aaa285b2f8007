/** One person of a drawn world: what he remembers between his deeds, and the deeds of traders, supervisors and wardens. */

import { accountOf } from '../../domain/account.ts';
import { exact } from '../../domain/decimal.ts';
import { findInstrument } from '../../domain/instrument.ts';
import type { World } from '../world.ts';
import { Attacker } from './attacks/attacker.ts';
import { WAYS } from './attacks/ways.ts';
import type { Credentials } from './credentials.ts';
import { listenIn } from './listener.ts';
import type { MarketHand } from './market-hand.ts';
import { operate } from './operator.ts';
import { Person, parsed } from './person.ts';
import type { Deed } from './script.ts';
import { Desk } from './worker.ts';

interface Trade {
  readonly id: string;
  readonly status: string;
}

/** How somebody is kept out, or sent away for now. */
const KEPT_OUT: ReadonlySet<number> = new Set([401, 403, 404, 503]);

const halfMore = (value: number, step: string): number => Number(exact(value).plus(exact(step).times('0.5')).toFixed());

export interface Part {
  readonly name: string;
  readonly shows: Credentials;
  /** Of his trader, in account currency. */
  readonly budget: number;
  readonly others: (name: string) => Player;
  readonly market: MarketHand;
}

export class Player {
  readonly person: Person;
  readonly desk: Desk;
  /** Own orders that were not answered as executed, oldest first. */
  private readonly pending: string[] = [];
  private readonly stops: string[] = [];
  private readonly attacker: Attacker;
  private trader: Promise<string | undefined> | undefined;

  constructor(
    private readonly world: World,
    private readonly part: Part,
  ) {
    const { name, shows } = part;
    this.person = new Person(world, name, shows, world.random.fork(`person-${name}`));
    this.desk = new Desk(this.person);
    this.attacker = new Attacker(this.person, shows.sub, () => this.traderId);
  }

  /** The trader of that name; undefined when it could not be made. */
  get traderId(): Promise<string | undefined> {
    const { name } = this.person;
    const { budget, shows } = this.part;
    const body = { name, type: 'trading', config: { budget }, userId: shows.sub };
    this.trader ??= this.person
      .insist('POST', '/api/v1/agents', body)
      .then((answer) => parsed<{ id: string }>(answer)?.id);
    return this.trader;
  }

  async act(deed: Deed): Promise<void> {
    switch (deed.do) {
      case 'crash':
        return this.world.kill();
      case 'kill-worker':
        return this.world.workers?.kill();
      case 'lose-queue':
        return this.world.workers?.queue.interrupt(this.world.now + deed.forMs);
      case 'fill-disk':
        return this.fillDisk(deed.forMs);
      case 'step-clock':
        return this.stepClock(deed);
      case 'interrupt-venue':
        return this.world.venue.interrupt(deed.how, this.world.now + deed.forMs);
      case 'night':
        return this.world.runner.leap(deed.forMs);
      case 'flash':
        return this.flash(deed);
      case 'decide':
        return this.decide(deed);
      case 'upload':
      case 'backtest':
      case 'bot':
      case 'stop-bot':
      case 'steer':
        return this.desk.act(deed);
      case 'shock':
      case 'regime':
      case 'hold':
        return this.part.market.act(deed);
      case 'read':
      case 'upkeep':
      case 'limits':
      case 'reconcile':
        return operate(this.person, deed);
      case 'listen':
        return listenIn(this.person, deed, this.part.others(deed.whom ?? this.person.name));
      case 'attack':
        return void (await WAYS[deed.way](this.attacker, deed));
      case 'meddle':
        return this.meddle(deed);
      case 'stop':
        return this.stop(deed);
      case 'release':
        return this.release(deed);
      default: {
        const traderId = await this.traderId;
        return traderId === undefined ? undefined : this.asTrader(`/api/v1/agents/${traderId}`, deed);
      }
    }
  }

  private async fillDisk(forMs: number): Promise<void> {
    const { database, runner } = this.world;
    database.fillDisk(true);
    await runner.sleep(forMs);
    database.fillDisk(false);
  }

  private async stepClock({ byMs, forMs }: Extract<Deed, { do: 'step-clock' }>): Promise<void> {
    this.world.stepClock(byMs);
    await this.world.runner.sleep(forMs);
    this.world.stepClock(0);
  }

  private async flash({ symbol, priceRatio }: Extract<Deed, { do: 'flash' }>): Promise<void> {
    const quote = this.world.quote(symbol);
    if (!quote) return;
    const [bid, ask, last] = [quote.bid * priceRatio, quote.ask * priceRatio, quote.last * priceRatio];
    await this.world.venue.onQuote({ ...quote, bid, ask, last });
    await this.world.venue.onQuote(quote);
  }

  private async asTrader(path: string, deed: Extract<Deed, { do: 'trade' | 'cancel' | 'look' | 'terminate' }>) {
    const { person } = this;
    switch (deed.do) {
      case 'trade':
        return this.submit(`${path}/trades`, deed);
      case 'cancel': {
        const id = deed.which === 'oldest' ? this.pending.shift() : this.pending.pop();
        if (id !== undefined) await person.insist('DELETE', `${path}/trades/${id}`);
        return;
      }
      case 'look':
        return void (await person.get(deed.at === 'trader' ? path : `${path}/${deed.at}`));
      case 'terminate':
        return void (await person.insist('DELETE', path));
    }
  }

  private async submit(path: string, deed: Extract<Deed, { do: 'trade' }>): Promise<void> {
    const { symbol, side, type, priceRatio, value, between } = deed;
    const quote = this.world.quote(symbol);
    if (!quote) return;
    const near = side === 'buy' ? quote.ask : quote.bid;
    const around = Math.round(near * priceRatio * 100) / 100 || near;
    const { tickSize = '0', quantityStep = '0' } = findInstrument(symbol) ?? {};
    const price = between === 'ticks' ? halfMore(around, tickSize) : around;
    const units = Math.max(1, Math.round(value / around));
    const quantity = between === 'steps' ? halfMore(units, quantityStep) : units;
    const answer = await this.person.insist('POST', path, { symbol, side, quantity, price, type });
    const body = parsed<Trade & { trade?: Trade }>(answer);
    const trade = body?.trade ?? body;
    if (trade && trade.status !== 'executed') this.pending.push(trade.id);
  }

  private async decide({ mood, about }: Extract<Deed, { do: 'decide' }>): Promise<void> {
    const { person } = this;
    const list = parsed<{ requests: { id: string }[] }>(await person.get('/api/v1/oversight/requests'));
    const requests = list?.requests ?? [];
    const tell = (id: string, what: 'approve' | 'reject') => {
      const body = what === 'approve' ? { comment: 'seen' } : { reason: 'not in this market, thank you' };
      return person.insist('POST', `/api/v1/oversight/requests/${id}/${what}`, body);
    };
    await Promise.all(
      (about === 'first' ? requests.slice(0, 1) : requests).flatMap(({ id }) => {
        if (mood === 'both') return [tell(id, 'approve'), tell(id, 'reject')];
        if (mood === 'twice') return [tell(id, 'approve'), tell(id, 'approve')];
        return [tell(id, mood)];
      }),
    );
  }

  private async stop({ whom, how }: Extract<Deed, { do: 'stop' }>): Promise<void> {
    const trader = whom === undefined ? undefined : await this.part.others(whom).traderId;
    if (whom !== undefined && trader === undefined) return;
    const target =
      trader === undefined
        ? { scope: 'system' }
        : how === 'account'
          ? { scope: 'account', target_id: accountOf(trader) }
          : { scope: 'agent', target_id: trader };
    const asked = { reason: 'a look at everything', ...target };
    const answer =
      how === 'reduce'
        ? await this.person.insist('POST', '/api/v1/house/reduce-only', asked)
        : await this.person.insist('POST', '/api/v1/emergency-stop', { ...asked, triggered_by: this.part.shows.sub });
    const stop = parsed<{ stop_id: string }>(answer);
    if (stop) this.stops.push(stop.stop_id);
  }

  private async release({ of }: Extract<Deed, { do: 'release' }>): Promise<void> {
    const stops = of === undefined ? this.stops : this.part.others(of).stops;
    const stopId = stops.shift();
    if (stopId === undefined) return;
    const answer = await this.person.insist('DELETE', `/api/v1/emergency-stop/${stopId}`, {
      authorized_by: this.part.shows.sub,
      resolution_reason: 'all is well',
    });
    // Who may not release his own leaves it to another.
    if (answer?.status === 403) stops.unshift(stopId);
  }

  /** Whoever is let in by mistake has broken in. */
  private async meddle({ whom, how }: Extract<Deed, { do: 'meddle' }>): Promise<void> {
    const traderId = await this.part.others(whom).traderId;
    if (traderId === undefined) return;
    const { person } = this;
    const path = `/api/v1/agents/${traderId}`;
    const order = { symbol: 'AAPL', side: 'buy', quantity: 1, price: 100, type: 'market' };
    const stop = { reason: 'none', triggered_by: this.part.shows.sub, scope: 'agent', target_id: traderId };
    const answer = await {
      look: () => person.get(path),
      trade: () => person.insist('POST', `${path}/trades`, order),
      stop: () => person.insist('POST', '/api/v1/emergency-stop', stop),
      terminate: () => person.insist('DELETE', path),
    }[how]();
    if (answer && !KEPT_OUT.has(answer.status))
      this.world.failures.push(
        `${person.name} was let in to the trader of ${whom}: ${how} was answered ${answer.status}`,
      );
  }
}
