/**
 * What people do at other doors than the one for orders, drawn apart from everything else: sockets that are lost and opened again, reads, runs
 * that are steered, a journal that is proven, copied and archived, limits that change under way, and people with roles and tokens of their own.
 */
import { seededRandom } from '../../runtime/simulated/random.ts';
import type { LimitsOverride } from '../file/world-part.ts';
import { Draw } from './draw.ts';
import type { Script, Step } from './script.ts';

/** Of each in a world: half of the worlds have none of it, and none has much. */
const CHANCE = 0.1;
/** Looks at a whole journal cost the more the longer it is. */
const UPKEEP_CHANCE = 0.06;
const TRADER = 'trader-0';
const OPERATOR = 'operator';

const READS = [
  '/api/v1/emergency-stops',
  '/api/v1/trading/accounts',
  '/api/v1/trading/positions',
  '/api/v1/trading/orders/pending',
  '/api/v1/trading/balances',
  '/api/v1/trading/batch/snapshot',
  '/api/v1/run-bot',
  '/api/trading/tasks/',
  '/api/snapshot/AAPL',
  '/api/symbols',
  '/api/v1/agents',
  '/api/v1/house/agents',
  '/api/v1/house/reconciliation',
  '/health',
] as const;

/** Somebody hears what the crowd's first trader, or the house, is told; and comes back. */
function listeners(draw: Draw, at: number): void {
  const forMs = draw.ms(5_000, 40_000);
  const times = draw.ms(1, 5);
  const own = { do: 'listen', to: 'trader', whom: TRADER, forMs, times } as const;
  draw.add(at, TRADER, own);
  if (draw.chance(0.5)) draw.add(at + draw.ms(0, 10_000), 'onlooker', { ...own, times: 1 });
  if (draw.chance(0.5)) draw.add(at, 'warden', { do: 'listen', to: 'house', forMs, times });
}

function reads(draw: Draw, at: number): void {
  for (let from = at, count = draw.ms(3, 9); count > 0; count -= 1, from += draw.ms(100, 6_000))
    draw.add(from, 'reader', { do: 'read', path: draw.pick(READS) });
}

/** A backtest is held up, goes on, is stopped or begun again, and somebody follows it. */
function steeredRun(draw: Draw, at: number): void {
  const who = 'pilot';
  draw.add(at, who, { do: 'backtest', symbol: 'EURUSD', hours: draw.ms(2, 12) });
  draw.add(at + 3_000, 'follower', { do: 'listen', to: 'run', whom: who, forMs: draw.ms(1_000, 15_000), times: 4 });
  for (let from = at, count = draw.ms(1, 4); count > 0; count -= 1) {
    from += draw.ms(200, 4_000);
    draw.add(from, who, { do: 'steer', what: draw.pick(['pause', 'resume', 'resume', 'stop', 'start'] as const) });
  }
  if (draw.chance(0.4)) draw.add(at + draw.ms(500, 8_000), 'world', { do: 'crash' });
}

/** A proof or a copy, sometimes two at one moment, and all but few of the records go; now and then the process dies in the middle of it. */
function upkeep(draw: Draw, at: number): void {
  for (let from = at, count = draw.ms(1, 3); count > 0; count -= 1, from += draw.ms(0, 20_000)) {
    const what = draw.pick(['verify', 'replay', 'export', 'backup'] as const);
    draw.add(from, OPERATOR, { do: 'upkeep', what });
    if (draw.chance(0.3)) draw.add(from, 'colleague', { do: 'upkeep', what: 'verify' });
  }
  const archivesAt = at + draw.ms(0, 60_000);
  draw.add(archivesAt, OPERATOR, { do: 'upkeep', what: 'archive', keep: draw.ms(0, 200) });
  if (draw.chance(0.3)) draw.add(archivesAt + draw.ms(1, 500), 'world', { do: 'crash' });
}

const CHANGES: readonly ((draw: Draw) => LimitsOverride)[] = [
  (draw) => ({ accounts: { default: { exposureMax: String(draw.ms(2_000, 60_000)) } } }),
  (draw) => ({ accounts: { default: { dailyLossRatioMax: draw.between(0.0002, 0.01).toFixed(5) } } }),
  (draw) => ({ accounts: { default: { drawdownRatioMax: draw.between(0.0002, 0.01).toFixed(5) } } }),
  (draw) => ({ instruments: { AAPL: { orderValueMax: String(draw.ms(500, 20_000)) } } }),
  (draw) => ({ instruments: { 'class:equity': { positionMax: String(draw.ms(5, 200)) } } }),
  (draw) => ({ orderRate: { max: draw.ms(1, 6), windowMs: draw.ms(5_000, 60_000) } }),
  (draw) => ({ duplicate: { max: 1, windowMs: draw.ms(5_000, 60_000) } }),
  (draw) => ({ quoteAgeMaxMs: draw.ms(900, 4_000) }),
];

/** Other limits hold for a while; two operators may change them at one moment. */
function otherLimits(draw: Draw, at: number): void {
  for (let from = at, count = draw.ms(1, 4); count > 0; count -= 1, from += draw.ms(0, 30_000)) {
    draw.add(from, OPERATOR, { do: 'limits', change: draw.pick(CHANGES)(draw) });
    if (draw.chance(0.3)) draw.add(from, 'colleague', { do: 'limits', change: draw.pick(CHANGES)(draw) });
  }
}

/** Only reduction passes, or the account of one trader is halted; and our books are held against the venue's. */
function otherHalts(draw: Draw, at: number): void {
  draw.add(at, 'guard', { do: 'stop', whom: TRADER, how: draw.pick(['account', 'reduce'] as const) });
  draw.add(at + draw.ms(2_000, 30_000), 'guard', { do: 'release' });
  draw.add(at + draw.ms(0, 20_000), OPERATOR, { do: 'reconcile' });
}

/** Somebody with a client of his own tries what only the owner of a trader may. */
function meddler(draw: Draw, at: number): void {
  for (let from = at, count = draw.ms(1, 5); count > 0; count -= 1, from += draw.ms(0, 8_000)) {
    const how = draw.pick(['look', 'trade', 'stop', 'terminate'] as const);
    draw.add(from, 'meddler', { do: 'meddle', whom: TRADER, how });
  }
}

const DOORS: readonly ((draw: Draw, at: number) => void)[] = [
  listeners,
  reads,
  steeredRun,
  otherLimits,
  otherHalts,
  meddler,
];

/** Whose tokens are their own, where anybody's are. */
const PEOPLE: Readonly<Required<Script>['people']> = {
  [TRADER]: ['trader'],
  onlooker: ['viewer'],
  reader: ['viewer'],
  pilot: ['trader'],
  follower: ['supervisor'],
  supervisor: ['supervisor'],
  guard: ['supervisor'],
  colleague: ['admin'],
};
const MEDDLER = { meddler: ['trader'] } as const;
/** A token is made and read by threads of the real machine, once a life and person: that costs more than anything else here. */
const OWN_TOKENS = 0.12;
const RETENTION = 0.1;
const ON_A_QUEUE = 0.6;

/** What is under way is lost with a worker or with the whole queue, most likely while somebody's backtest runs. */
function troubleOnTheQueue(draw: Draw, at: number): void {
  const somewhere = (): number => at + draw.ms(100, 30_000);
  for (let count = draw.ms(0, 3); count > 0; count -= 1) draw.add(somewhere(), 'world', { do: 'kill-worker' });
  if (draw.chance(0.5)) draw.add(somewhere(), 'world', { do: 'lose-queue', forMs: draw.ms(0, 20_000) });
}

const smallBacktest = (draw: Draw) => ({ do: 'backtest', symbol: 'EURUSD', hours: draw.ms(1, 4) }) as const;

/** Of worlds in which something is to be done. `begunMs`: when. */
export function drawWorkers(seed: string, virtualMs: number, begunMs: readonly number[]): Workers {
  const draw = new Draw(seededRandom(`${seed}/workers`), virtualMs);
  if (begunMs.length === 0 || !draw.chance(ON_A_QUEUE)) return { steps: [] };
  const workers = draw.ms(1, 4);
  for (const at of begunMs) troubleOnTheQueue(draw, at);
  // More entries than one, so that some are lost, repeated or late.
  for (let count = draw.ms(2, 5); count > 0; count -= 1)
    draw.add(draw.pick(begunMs) + draw.ms(0, 20_000), `analyst-${count}`, smallBacktest(draw));
  return { steps: draw.steps, workers };
}

export type Workers = Pick<Script, 'workers'> & { readonly steps: readonly Step[] };
export type Doors = Pick<Script, 'people' | 'keepRecords'> & { readonly steps: readonly Step[] };

export function drawDoors(seed: string, virtualMs: number): Doors {
  const draw = new Draw(seededRandom(`${seed}/doors`), virtualMs);
  const people = draw.chance(OWN_TOKENS) ? { ...PEOPLE, ...MEDDLER } : undefined;
  const keepRecords = draw.chance(RETENTION) ? draw.ms(50, 400) : undefined;
  for (const happens of DOORS) if (draw.chance(CHANCE)) happens(draw, draw.ms(0, virtualMs * 0.75));
  if (draw.chance(UPKEEP_CHANCE)) upkeep(draw, draw.ms(0, virtualMs * 0.75));
  const meddles = draw.steps.some(({ deed }) => deed.do === 'meddle');
  const known = people ?? (meddles ? MEDDLER : undefined);
  return { steps: draw.steps, ...(known && { people: known }), ...(keepRecords !== undefined && { keepRecords }) };
}
