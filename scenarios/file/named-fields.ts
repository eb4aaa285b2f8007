/**
 * Fields of records that name something (a symbol, a trader, an account, an order, a person) and what they can hold in one world. An
 * expectation about a name that nothing there can bear would hold for ever and say nothing.
 */
import { accountOf } from '../../domain/account.ts';
import { findInstrument } from '../../domain/instrument.ts';
import { STRATEGIES } from '../../strategies/all.ts';
import { AUTO_TRADER_ID } from '../../system/product.ts';
import { DEVELOPMENT_USER } from '../run/cast.ts';
import { agentsOf } from '../run/roster.ts';
import { accountsOf, type Declared, demoAccountsOf } from './declared.ts';
import { suggestion } from './problems.ts';
import type { Scenario } from './schema.ts';

export interface Bearable {
  /** What it names, such as `an instrument of this world`. */
  readonly what: string;
  /** All that it can be, as far as that is known before the run. */
  readonly choices: readonly string[];
  /** What else it can be: ids that the product makes. */
  readonly form?: RegExp;
  /** Or any text that a step sends, because a step can act in the name of somebody else. */
  readonly orSaid?: true;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const TRADER = `(?:agent-(?:${UUID}|task-\\d+)|external)`;
const ORDER = `(?:trade-(?:${UUID}|run-\\d+-\\d+|(?:close|auto)-.+)|external-${UUID})`;

const REQUEST = `req-(?:${UUID}|run-\\d+-\\d+|(?:close|auto)-.+)|(?:(?:task|start|bot)-)?${UUID}(?:\\.\\d+)?`;

const whole = (form: string): RegExp => new RegExp(`^(?:${form})$`, 'u');
const ACCOUNT_FORM = whole(accountOf(TRADER));
const TRADER_FORM = whole(TRADER);

/** Ids by the name of their field, with the form that the product gives them. */
const IDS: Readonly<Record<string, readonly [what: string, form: RegExp]>> = {
  orderId: ['the id of an order, such as ${order.id}', whole(ORDER)],
  clientOrderId: ['the id of an order at its venue', whole(`${ORDER}|outside-\\d+`)],
  executionId: ['the id of a fill: that of its order, and a number', whole(`(?:${ORDER}|outside-\\d+)-\\d+`)],
  requestId: ['the id of a request, such as ${event.requestId}', whole(REQUEST)],
  scope: ['who asks for what, such as ann POST /api/v1/agents', /^\S+ (?:GET|POST|PUT|DELETE) \//u],
  stopId: ['the id of a stop, such as ${stop.stop_id}', whole(UUID)],
  signalId: ['the id of a signal', whole('sig-.+')],
  day: ['a day, such as 2026-03-02', whole('\\d{4}-\\d\\d-\\d\\d')],
};

/** Fields of answers that name the same as one of records; what contracts call otherwise, or by a venue's own ids, is left alone. */
const ANSWERED: Readonly<Record<string, string>> = {
  ...{ symbol: 'symbol', agentId: 'traderId', tradeId: 'orderId', clientOrderId: 'clientOrderId', stop_id: 'stopId' },
  ...{ userId: 'userId', approvedBy: 'by', rejectedBy: 'by', triggered_by: 'by', stoppedBy: 'by', by: 'by' },
  address: 'agent',
};
/** Files may hold any instrument. */
const OF_FILES = /^(?:imports|chunks)\[/u;

/** Those who act without being anybody's client. */
const HOUSE = ['house', 'system', 'circuit-breaker', 'repeat-throttle', 'reconciliation'];

/** What people call traders and accounts that are made without anybody's saying so. */
function titlesOf(scenario: Scenario): string[] {
  const { traders, accounts } = scenario.world;
  const own = [...Object.entries(traders), ...Object.entries(accounts)].map(([name, { title }]) => title ?? name);
  return [...own, ...demoAccountsOf(scenario).map(({ name }) => name), 'House auto-trader'];
}

/** What the fields of one world's records can hold; by the last name of their path. */
export class NamedFields {
  private readonly byName: ReadonlyMap<string, Bearable>;
  private agents: Bearable | undefined;

  constructor(
    private readonly declared: Declared,
    private readonly scenario: Scenario,
  ) {
    const accounts = accountsOf(declared, scenario);
    const { said, people, keys } = declared;
    const owners = [DEVELOPMENT_USER, ...demoAccountsOf(scenario).map(({ userId }) => userId)];
    const persons = [...new Set([...people, ...owners])];
    const known = [...said].flatMap((text) => findInstrument(text)?.symbol ?? []);
    const own = scenario.world.settings.autoTrader ? [AUTO_TRADER_ID] : [];
    const ownAccounts = own.map(accountOf);
    const symbol = { what: 'an instrument of this world', choices: [...new Set([...declared.instruments, ...known])] };
    const somebody = (who: readonly string[]) =>
      ({ what: 'anybody of this world', choices: who, orSaid: true }) as const;
    const titles = titlesOf(scenario);
    const target = { what: 'an account or a trader', choices: [...accounts, ...ownAccounts, ...own] };
    this.byName = new Map<string, Bearable>([
      ...Object.entries(IDS).map(([name, [what, form]]) => [name, { what, choices: [], form }] as const),
      ['symbol', symbol],
      ['traderId', { what: 'the id of a trader', choices: own, form: TRADER_FORM }],
      ['accountId', { what: 'an account of this world', choices: [...accounts, ...ownAccounts], form: ACCOUNT_FORM }],
      ['targetId', { ...target, form: whole(`${TRADER}|${accountOf(TRADER)}`) }],
      ['userId', somebody(persons)],
      ['approvedBy', somebody([...persons, 'system'])],
      ['by', somebody([...persons, ...HOUSE])],
      ['name', { what: 'anything of this world', choices: titles, form: /\bbot\b/u, orSaid: true }],
      ['strategyType', { what: 'a strategy', choices: STRATEGIES.map(({ name }) => name) }],
      ['key', { what: 'a key that a step sends', choices: keys, form: /^scenario-\d+$/u }],
    ]);
  }

  /** Of a path such as `ticket.symbol`. */
  of(path: string): Bearable | undefined {
    const name = path.split('.').at(-1) ?? path;
    if (name !== 'agent') return this.byName.get(name);
    // Whoever is there is only found out when somebody asks.
    this.agents ??= { what: 'an agent', choices: agentsOf(this.scenario.world) };
    return this.agents;
  }

  /** The same of an answer's field. */
  ofAnswer(path: string): Bearable | undefined {
    const same = ANSWERED[path.split('.').at(-1) ?? path];
    return same === undefined || OF_FILES.test(path) ? undefined : this.of(same);
  }

  /** Why the field can never hold the text; undefined when it can. */
  refuses(path: string, text: string, bearable = this.of(path)): string | undefined {
    if (!bearable) return undefined;
    const { what, choices, form, orSaid } = bearable;
    const { said } = this.declared;
    if (choices.includes(text) || form?.test(text) || (orSaid && said.has(text))) return undefined;
    if (this.declared.traders.includes(text)) return this.traderHint(path, text);
    return choices.length > 0 ? suggestion(text, choices) : `it is ${what}`;
  }

  private traderHint(path: string, trader: string): string {
    const id = `\${${trader}.id}`;
    const isAccount = path.split('.').at(-1) === 'accountId';
    return `it is the name of a trader, whose ${isAccount ? 'account' : 'id'} is ${isAccount ? accountOf(id) : id}`;
  }
}
