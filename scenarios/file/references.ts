/** Names in a scenario that have to exist: people, traders, captures, instruments, message types, agents, checkers, planted bugs. */
import { findInstrument } from '../../domain/instrument.ts';
import { tradingLimits } from '../../messages/limits.ts';
import { DEFINITIONS } from '../../messages/registry.ts';
import { RUNTIME_MESSAGES } from '../../runtime/lifecycle.ts';
import { brokenPromises } from '../run/broken.ts';
import { limitsWith } from '../run/limits.ts';
import { PLANTED } from '../run/planted.ts';
import { durationText } from './fields.ts';
import { type Path, type Problem, suggestion } from './problems.ts';
import type { Defect, Scenario } from './schema.ts';

const ALL_TYPES = [...RUNTIME_MESSAGES, ...DEFINITIONS];
const FACTS = ALL_TYPES.filter(({ kind }) => kind === 'fact').map(({ type }) => type);
const TYPES = ALL_TYPES.map(({ type }) => type);
/** What is written in a `${…}`; the event of a trigger is there too. */
const REFERENCE = /\$\{([^}]*)\}/g;
const ALWAYS_THERE = ['event', 'now'];

class Check {
  readonly problems: Problem[] = [];

  constructor(private readonly scenario: Scenario) {}

  tell(path: Path, message: string): void {
    this.problems.push({ path, message });
  }

  known(path: Path, what: string, name: string | undefined, choices: readonly string[]): void {
    if (name !== undefined && !choices.includes(name))
      this.tell(path, `is "${name}", which is no ${what}: ${suggestion(name, choices)}`);
  }

  instrument(path: Path, symbol: string | undefined): void {
    const { instruments } = this.scenario.world;
    if (symbol !== undefined && symbol !== 'all')
      this.known([...path, 'instrument'], 'instrument of this world', symbol, instruments);
  }

  /** Within the run, and not empty. */
  window(path: Path, { from, until }: { readonly from?: number; readonly until?: number | undefined }): void {
    const end = this.scenario.until;
    if (from !== undefined && from >= end)
      this.tell([...path, 'from'], `is not before the end of the scenario (${durationText(end)})`);
    if (until !== undefined && until > end)
      this.tell([...path, 'until'], `is behind the end of the scenario (${durationText(end)})`);
    if (from !== undefined && until !== undefined && until <= from)
      this.tell([...path, 'until'], 'is not after "from"');
  }

  moment(path: Path, at: number | string | undefined): void {
    if (typeof at === 'number' && at > this.scenario.until)
      this.tell([...path, 'at'], `is behind the end of the scenario (${durationText(this.scenario.until)})`);
  }

  /** Every `${name}` in a value. */
  references(path: Path, value: unknown, names: readonly string[]): void {
    if (typeof value === 'string') {
      for (const [, reference = ''] of value.matchAll(REFERENCE))
        this.known(path, 'name of this scenario', /^[\w-]*/.exec(reference)?.[0] ?? '', names);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.references([...path, index], item, names);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) this.references([...path, key], item, names);
    }
  }
}

function checkWorld(check: Check, { world, market, faults, defect }: Scenario): void {
  const people = Object.keys(world.people);
  world.instruments.forEach((symbol, index) => {
    const found = findInstrument(symbol);
    if (found?.symbol !== symbol)
      check.tell(
        ['world', 'instruments', index],
        `is "${symbol}", which is no instrument${found ? `: it is written ${found.symbol}` : ''}`,
      );
  });
  for (const [name, { owner }] of Object.entries(world.traders)) {
    check.known(['world', 'traders', name, 'owner'], 'person of this world', owner, people);
    if (people.includes(name)) check.tell(['world', 'traders', name], 'has the name of a person');
  }
  const limits = world.limits && tradingLimits.safeParse(limitsWith(world.limits));
  for (const issue of limits?.error?.issues ?? [])
    check.tell(
      ['world', 'limits', ...(issue.path as string[])],
      `${issue.message}: together with the development limits it is not whole`,
    );
  for (const part of ['regimes', 'gaps', 'freezes', 'halts'] as const)
    market[part].forEach((period, index) => {
      check.instrument(['market', part, index], period.instrument);
      check.window(['market', part, index], period);
    });
  market.shocks.forEach((shock, index) => {
    check.instrument(['market', 'shocks', index], shock.instrument);
    check.moment(['market', 'shocks', index], shock.at);
  });
  for (const [index, window] of faults.entries()) check.window(['faults', index], window);
  if (defect) checkBug(check, ['defect'], defect);
}

function checkBug(check: Check, path: Path, bug: Defect): void {
  check.window(path, bug);
  check.known([...path, 'planted'], 'planted bug', bug.planted, Object.keys(PLANTED));
  for (const [index, type] of (bug.types ?? []).entries())
    check.known([...path, 'types', index], 'message type', type, TYPES);
}

function checkCatches(check: Check, { catches, expect, defect }: Scenario): void {
  const promises = brokenPromises();
  const told = expect.flatMap(({ what }) => what ?? []);
  if (defect && catches.length > 0) check.tell(['catches'], 'cannot stand beside "defect": one run has one bug');
  catches.forEach((caught, index) => {
    const path = ['catches', index];
    checkBug(check, path, caught);
    check.known([...path, 'broken'], 'promise of a checker', caught.broken, promises);
    check.known([...path, 'unmet'], '"what" of an expectation', caught.unmet, told);
  });
}

function checkScript(check: Check, { script, world }: Scenario, names: readonly string[]): void {
  const people = Object.keys(world.people);
  const traders = Object.keys(world.traders);
  const kept = script.flatMap(({ as }) => (as === undefined ? [] : [as]));
  script.forEach((step, index) => {
    const path = ['script', index];
    const { on, by, as, stop, release, shock, outside, body, form, has, call, headers, key, request } = step;
    check.moment(path, step.at);
    check.known([...path, 'by'], 'person of this world', by, people);
    check.known([...path, 'on', 'event'], 'recorded event', on?.event, FACTS);
    check.known([...path, 'stop', 'trader'], 'trader of this world', stop?.trader, traders);
    check.known([...path, 'outside', 'trader'], 'trader of this world', outside?.trader, traders);
    if (outside) check.instrument([...path, 'outside'], outside.instrument);
    check.known([...path, 'release'], 'name that a step keeps with "as"', release, kept);
    if (as !== undefined && traders.includes(as)) check.tell([...path, 'as'], 'has the name of a trader');
    if (shock) check.instrument([...path, 'shock'], shock.instrument);
    check.references(
      path,
      { call, body, form, has, headers, key, request, ...(on && { on: { where: on.where } }) },
      names,
    );
  });
}

function checkExpectations(check: Check, { expect, world }: Scenario, names: readonly string[]): void {
  const promises = brokenPromises();
  expect.forEach((wanted, index) => {
    const path = ['expect', index];
    const { event, never, eventually, after, sequence, state, alike, by, has, where, figure, trader, broken } = wanted;
    check.window(path, wanted);
    check.moment(path, wanted.at);
    check.known([...path, 'event'], 'recorded event', event, FACTS);
    check.known([...path, 'never'], 'recorded event', never, FACTS);
    check.known([...path, 'eventually'], 'recorded event', eventually, FACTS);
    check.known([...path, 'after', 'event'], 'recorded event', after?.event, FACTS);
    sequence?.forEach((item, place) => {
      const type = typeof item === 'string' ? item : item.event;
      check.known([...path, 'sequence', place], 'recorded event', type, FACTS);
    });
    check.known([...path, 'by'], 'person of this world', by, Object.keys(world.people));
    check.known([...path, 'trader'], 'trader of this world', trader, Object.keys(world.traders));
    check.known([...path, 'broken'], 'promise of a checker', broken, promises);
    if (figure) check.instrument(path, wanted.instrument);
    check.references(path, { state, alike, has, where, after, sequence }, names);
  });
}

export function checkReferences(scenario: Scenario): readonly Problem[] {
  const check = new Check(scenario);
  const kept = scenario.script.flatMap(({ as }) => (as === undefined ? [] : [as]));
  const names = [...ALWAYS_THERE, ...Object.keys(scenario.world.traders), ...kept];
  checkWorld(check, scenario);
  checkScript(check, scenario, names);
  checkExpectations(check, scenario, names);
  checkCatches(check, scenario);
  return check.problems;
}
