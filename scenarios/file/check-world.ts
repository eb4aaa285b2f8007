/** The world of a scenario and its market: what is named there exists, and what is asked of an instrument can be done with it. */
import { traderOf } from '../../domain/account.ts';
import { findInstrument, INSTRUMENTS } from '../../domain/instrument.ts';
import { tradingLimits } from '../../messages/limits.ts';
import { brokenPromises } from '../run/broken.ts';
import { limitsWith } from '../run/limits.ts';
import { PLANTED } from '../run/planted.ts';
import type { Check } from './check.ts';
import { accountsOf, demoAccountsOf } from './declared.ts';
import { type Path, suggestion } from './problems.ts';
import { replaySpecOf } from './replay-files.ts';
import type { Defect, Scenario } from './schema.ts';
import type { LimitsOverride } from './world-part.ts';

const CLASSES: ReadonlySet<string> = new Set(INSTRUMENTS.map(({ assetClass }) => `class:${assetClass}`));

/** A symbol as the house writes it, or a class of them. */
function checkSymbol(check: Check, path: Path, symbol: string, atKey = false): void {
  if (symbol.startsWith('class:')) {
    if (!CLASSES.has(symbol)) check.tell(path, `is "${symbol}", which is no class of instruments`, atKey);
    return;
  }
  const found = findInstrument(symbol);
  if (found?.symbol !== symbol)
    check.tell(path, `is "${symbol}", which is no instrument${found ? `: it is written ${found.symbol}` : ''}`, atKey);
}

/** `traders`: those whose accounts can be meant, because they are there by then. */
export function checkLimits(check: Check, path: Path, limits: LimitsOverride, traders: readonly string[]): void {
  const choices = ['default', ...traders, ...accountsOf(check.declared, check.scenario)];
  for (const [account, { instruments }] of Object.entries(limits.accounts ?? {})) {
    const at = [...path, 'accounts', account];
    if (!choices.includes(account)) {
      const isTrader = check.declared.traders.includes(account);
      const why = isTrader
        ? 'a trader that is not there yet: a step "limits" can name it'
        : `no account of this world: there is ${choices.join(', ')}`;
      check.tell(at, `is "${account}", ${why}`, true);
    }
    for (const [index, symbol] of (instruments ?? []).entries())
      checkSymbol(check, [...at, 'instruments', index], symbol);
  }
  for (const symbol of Object.keys(limits.instruments ?? {}))
    checkSymbol(check, [...path, 'instruments', symbol], symbol, true);
}

function checkReplay(check: Check, { market, script }: Scenario): void {
  const replayed = new Map<string, string>();
  market.replay.forEach(({ file, instrument }, index) => {
    const path = ['market', 'replay', index];
    try {
      const { symbol } = replaySpecOf(file, instrument).instrument;
      const other = replayed.get(symbol);
      if (other !== undefined) check.tell(path, `quotes ${symbol}, which ${other} quotes already`);
      else check.known(path, 'instrument of this world', symbol, check.declared.instruments);
      replayed.set(symbol, file);
    } catch (error) {
      check.tell(path, error instanceof Error ? error.message : String(error));
    }
  });
  const refuse = (path: Path, instrument: string): void => checkWalks(check, path, instrument, replayed);
  for (const part of ['regimes', 'shocks'] as const)
    for (const [index, { instrument }] of market[part].entries()) refuse(['market', part, index], instrument);
  for (const [index, { shock }] of script.entries()) if (shock) refuse(['script', index, 'shock'], shock.instrument);
}

/** Quotes of a file are told as they are: nothing can be done to them but not to be heard. */
function checkWalks(check: Check, path: Path, instrument: string, replayed: ReadonlyMap<string, string>): void {
  const [symbol] = instrument === 'all' ? replayed.keys() : [instrument];
  const file = symbol === undefined ? undefined : replayed.get(symbol);
  if (file === undefined) return;
  const which = instrument === 'all' ? `is "all", and ${symbol} among them` : `is "${symbol}", which`;
  check.tell(
    [...path, 'instrument'],
    `${which} is quoted from ${file}: a file has its own prices; ${instrument === 'all' ? 'name the others' : 'leave one of the two out'}`,
  );
}

function checkAccount(check: Check, id: string, owner: string | undefined): void {
  const path = ['world', 'accounts', id];
  check.known([...path, 'owner'], 'person of this world', owner, check.declared.people);
  if (traderOf(id) !== undefined) check.tell(path, 'has a name that only accounts of traders have', true);
  if (demoAccountsOf(check.scenario).some(({ accountId }) => accountId === id))
    check.tell(path, 'is opened by the development profile already', true);
}

/** A queue is there where workers are. */
function checkQueues(check: Check, { world, faults, script }: Scenario): void {
  if (world.workers !== undefined) return;
  const refuse = (path: Path): void =>
    check.tell([...path, 'queue'], 'is of no use: this world has no "workers"', true);
  for (const [index, { queue }] of faults.entries()) if (queue !== undefined) refuse(['faults', index]);
  for (const [index, { faults: begun }] of script.entries())
    if (typeof begun === 'object' && begun.queue !== undefined) refuse(['script', index, 'faults']);
}

export function checkWorld(check: Check, scenario: Scenario): void {
  const { world, market, faults, defect } = scenario;
  const { people } = check.declared;
  const known = ['*', ...accountsOf(check.declared, check.scenario)];
  for (const [index, symbol] of world.instruments.entries())
    checkSymbol(check, ['world', 'instruments', index], symbol);
  for (const [name, { accounts }] of Object.entries(world.people))
    for (const [index, account] of accounts.entries())
      check.known(['world', 'people', name, 'accounts', index], 'account of this world', account, known);
  for (const [name, { owner }] of Object.entries(world.traders)) {
    check.known(['world', 'traders', name, 'owner'], 'person of this world', owner, people);
    if (people.includes(name)) check.tell(['world', 'traders', name], 'has the name of a person');
    check.free(['world', 'traders', name], name, true);
  }
  for (const [id, { owner }] of Object.entries(world.accounts)) checkAccount(check, id, owner);
  if (world.limits) {
    checkLimits(check, ['world', 'limits'], world.limits, []);
    for (const issue of tradingLimits.safeParse(limitsWith(world.limits)).error?.issues ?? [])
      check.tell(
        ['world', 'limits', ...(issue.path as string[])],
        `${issue.message}: together with the development limits it is not whole`,
      );
  }
  for (const part of ['regimes', 'gaps', 'freezes', 'halts'] as const)
    market[part].forEach((period, index) => {
      check.instrument(['market', part, index], period.instrument);
      check.window(['market', part, index], period);
    });
  market.shocks.forEach((shock, index) => {
    check.instrument(['market', 'shocks', index], shock.instrument);
    check.moment(['market', 'shocks', index], shock.at);
  });
  checkReplay(check, scenario);
  checkQueues(check, scenario);
  for (const [index, window] of faults.entries()) check.window(['faults', index], window);
  if (defect) checkBug(check, ['defect'], defect);
}

function checkBug(check: Check, path: Path, bug: Defect): void {
  check.window(path, bug);
  check.known([...path, 'planted'], 'planted bug', bug.planted, Object.keys(PLANTED));
  const why = bug.agent === undefined ? undefined : check.named.refuses('agent', bug.agent);
  if (why !== undefined) check.tell([...path, 'agent'], `is "${bug.agent}", which is no agent: ${why}`);
}

export function checkCatches(check: Check, { catches, defect }: Scenario): void {
  const promises = brokenPromises();
  if (defect && catches.length > 0) check.tell(['catches'], 'cannot stand beside "defect": one run has one bug');
  catches.forEach((caught, index) => {
    const path = ['catches', index];
    checkBug(check, path, caught);
    check.known([...path, 'broken'], 'promise of a checker', caught.broken, promises);
    const { unmet } = caught;
    if (unmet !== undefined && !check.declared.told.includes(unmet))
      check.tell(
        [...path, 'unmet'],
        `is "${unmet}", which is no "what" of an expectation: ${suggestion(unmet, check.declared.told)}`,
      );
  });
}
