/**
 * Plays a script in a world: each step begins at its moment, whatever has become of the steps before it. Nobody waits for anybody, so
 * that people meet as they meet in life; a trader comes into being at its first step.
 */
import type { DatabaseFaults } from '../../db/simulated/database.ts';
import type { World } from '../world.ts';
import { Person, parsed } from './person.ts';
import type { Deed, Script, Step } from './script.ts';
import { Desk } from './worker.ts';

interface Trade {
  readonly id: string;
  readonly status: string;
}

const DEVELOPMENT_TOKEN = 'test-bearer-token';
const OWNER = 'user-123';
const BUDGET = 200_000;

/** What one person remembers between steps. */
class Player {
  readonly person: Person;
  private readonly desk: Desk;
  /** Own orders that were not answered as executed, oldest first. */
  private readonly pending: string[] = [];
  private readonly stops: string[] = [];
  private trader: Promise<string | undefined> | undefined;

  constructor(
    private readonly world: World,
    name: string,
    private readonly faults: DatabaseFaults,
    private readonly budget: number,
    private readonly others: (name: string) => Player,
  ) {
    this.person = new Person(world, name, DEVELOPMENT_TOKEN, world.random.fork(`person-${name}`));
    this.desk = new Desk(this.person);
  }

  /** The trader of that name; undefined when it could not be made. */
  get traderId(): Promise<string | undefined> {
    const { name } = this.person;
    const body = { name, type: 'trading', config: { budget: this.budget }, userId: OWNER };
    this.trader ??= this.person
      .insist('POST', '/api/v1/agents', body)
      .then((answer) => parsed<{ id: string }>(answer)?.id);
    return this.trader;
  }

  async act(deed: Deed): Promise<void> {
    switch (deed.do) {
      case 'crash':
        return this.world.kill();
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
        return this.desk.act(deed);
      case 'stop':
        return this.stop(deed.whom);
      case 'release':
        return this.release();
      default: {
        const traderId = await this.traderId;
        return traderId === undefined ? undefined : this.asTrader(`/api/v1/agents/${traderId}`, deed);
      }
    }
  }

  private async fillDisk(forMs: number): Promise<void> {
    const { database, runner } = this.world;
    database.setFaults({ ...this.faults, diskFull: true });
    await runner.sleep(forMs);
    database.setFaults(this.faults);
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
    const { symbol, side, type, priceRatio, value } = deed;
    const quote = this.world.quote(symbol);
    if (!quote) return;
    const near = side === 'buy' ? quote.ask : quote.bid;
    const price = Math.round(near * priceRatio * 100) / 100 || near;
    const quantity = Math.max(1, Math.round(value / price));
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

  private async stop(whom: string | undefined): Promise<void> {
    const target = whom === undefined ? undefined : await this.others(whom).traderId;
    if (whom !== undefined && target === undefined) return;
    const stop = parsed<{ stop_id: string }>(
      await this.person.insist('POST', '/api/v1/emergency-stop', {
        reason: 'a look at everything',
        triggered_by: OWNER,
        ...(target === undefined ? { scope: 'system' } : { scope: 'agent', target_id: target }),
      }),
    );
    if (stop) this.stops.push(stop.stop_id);
  }

  private async release(): Promise<void> {
    const stopId = this.stops.shift();
    if (stopId === undefined) return;
    await this.person.insist('DELETE', `/api/v1/emergency-stop/${stopId}`, {
      authorized_by: OWNER,
      resolution_reason: 'all is well',
    });
  }
}

/** Resolves when everybody has done everything and has gone home. */
export async function play(
  world: World,
  { steps, faults, budgets }: Pick<Script, 'steps' | 'faults' | 'budgets'>,
): Promise<void> {
  const players = new Map<string, Player>();
  const player = (name: string): Player => {
    let known = players.get(name);
    if (!known) {
      known = new Player(world, name, faults.database, budgets?.[name] ?? BUDGET, player);
      players.set(name, known);
    }
    return known;
  };
  const { runner } = world;
  const startedAt = world.now - runner.leaptMs;
  const waitFor = ({ atMs }: Step): number => startedAt + atMs + runner.leaptMs - world.now;
  const under: Promise<void>[] = [];
  const begin = ({ who, deed }: Step) => under.push(player(who).act(deed));
  for (const step of steps) {
    for (let waitMs = waitFor(step); waitMs > 0; waitMs = waitFor(step)) await runner.sleep(waitMs);
    begin(step);
  }
  await Promise.all(under);
}
