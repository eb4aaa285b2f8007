/**
 * Fields that a scenario wants something of: each is one that the message or the answer has, with a value that it can have in this world.
 * Nothing holds, and nothing never happens, because it was misspelt.
 */
import { findInstrument } from '../../domain/instrument.ts';
import type { Check, Meaning, Names } from './check.ts';
import { schemaOf } from './events.ts';
import type { Scalar, Wanted, WantedFields } from './fields.ts';
import type { Bearable } from './named-fields.ts';
import { at, canEqual, fieldNear, isAlwaysThere, type Kind, kindOf, pathsOf, type Schema } from './parts.ts';
import { type Path, suggestion } from './problems.ts';

/** What a text with references in it may stand for, as far as that is known: an id of a trader. */
const STAND_IN = 'agent-00000000-0000-0000-0000-000000000000';
const REFERENCE = /\$\{([^}]*)\}/g;

/** Where the fields are looked for, and whether what they name is a thing of this world. */
interface Holder {
  readonly what: string;
  readonly schemas: readonly Schema[];
  readonly isRecord: boolean;
  /** What `${…}` stands for there. */
  readonly names: Names;
}

/** Fields of the records of an event, by path, each with a value that it can have. */
export function checkWhere(check: Check, path: Path, event: string, where: WantedFields, names: Names): void {
  checkAll(check, path, { what: event, schemas: [schemaOf(event)], isRecord: true, names }, where);
}

/** Fields of an answer, as far as anything is known of it. */
export function checkAnswered(
  check: Check,
  path: Path,
  { call, answer, names }: { readonly call: string; readonly answer: Meaning; readonly names: Names },
  has: WantedFields,
): void {
  if (answer !== 'anything')
    checkAll(check, path, { what: `what ${call} answers`, schemas: answer, isRecord: false, names }, has);
}

/** A field that the records of an event have, their own or that of their ticket. */
export function checkSame(check: Check, path: Path, event: string, field: string): void {
  const schema = schemaOf(event);
  const isThere = [field, `ticket.${field}`].some((one) => at([schema], one).length > 0);
  if (!isThere) check.tell(path, `is "${field}", which is no field of ${event}: ${fieldNear(field, pathsOf(schema))}`);
}

function checkAll(check: Check, path: Path, holder: Holder, wanted: WantedFields): void {
  const { what, schemas, isRecord } = holder;
  for (const [field, value] of Object.entries(wanted)) {
    const found = at(schemas, field);
    const place = [...path, field];
    if (found === 'anything') continue;
    const paths = (): string[] => schemas.flatMap((one) => pathsOf(one));
    if (found.length === 0) check.tell(place, `is no field of ${what}: ${fieldNear(field, paths())}`, true);
    else new Field(check, place, holder, kindOf(found), field).check(value);
    const limited = isRecord ? /^limits\.(accounts|instruments)\.([^.[]+)/.exec(field) : null;
    if (limited) checkLimited(check, place, limited[1] === 'accounts' ? 'accountId' : 'symbol', limited[2] ?? '');
  }
}

/** Limits stand under the names of accounts and instruments. */
function checkLimited(check: Check, place: Path, kind: 'accountId' | 'symbol', name: string): void {
  if (name === 'default' || name.startsWith('class:')) return;
  const why = check.named.refuses(kind, name);
  const isKnown = kind === 'symbol' && findInstrument(name)?.symbol === name;
  if (why !== undefined && !isKnown) check.tell(place, `names "${name}": ${why}`, true);
}

/** One field of which something is wanted. */
class Field {
  private readonly isSure: boolean;

  constructor(
    private readonly within: Check,
    private readonly place: Path,
    private readonly holder: Holder,
    private readonly kind: Kind,
    private readonly field: string,
  ) {
    this.isSure = isAlwaysThere(holder.schemas, field);
  }

  check(wanted: Wanted): void {
    const { kind, isSure } = this;
    const isConditions = typeof wanted === 'object' && wanted !== null;
    const { not, in: choices = [], exists, ...others } = isConditions ? wanted : {};
    const values = isConditions ? [...(not === undefined ? [] : [not]), ...choices] : [wanted];
    if (kind.isHolder && exists === undefined) {
      this.tell(`is ${kind.name}: name a field of it`);
      return;
    }
    if (exists === false && isSure) this.tell('is always there: "exists: false" never holds');
    for (const value of values) {
      const why = this.refusal(value);
      if (why !== undefined) this.tell(`can never be ${JSON.stringify(value)}: ${why}`);
    }
    this.checkConditions(others);
  }

  private checkConditions({ min, max, matches }: Exclude<Wanted, Scalar>): void {
    const { kind, bearable } = this;
    if ((min ?? max) !== undefined && !(kind.isOrdered && !bearable))
      this.tell(`is ${bearable?.what ?? kind.name}, which has no "min" or "max"`);
    if (min !== undefined && max !== undefined && min > max) this.tell('has a "min" above its "max"');
    if (matches === undefined) return;
    if (!kind.isText) this.tell(`is ${kind.name}, which matches no pattern`);
    const isClosed = bearable ? !bearable.form && !bearable.orSaid : kind.choices !== undefined;
    const choices = (bearable ? bearable.choices : kind.choices) ?? [];
    const pattern = new RegExp(matches, 'u');
    if (isClosed && choices.length > 0 && !choices.some((choice) => pattern.test(choice)))
      this.tell(`can never match ${matches}: ${suggestion(matches, choices)}`);
  }

  /** Why it can never be this value. */
  private refusal(value: Scalar): string | undefined {
    if (value === null) return this.isSure ? 'it is always there' : undefined;
    const filled = typeof value === 'string' ? this.filled(value) : value;
    if (filled !== undefined) return this.refusalOf(filled);
    return typeof value === 'string' ? this.refusalOfReference(value) : undefined;
  }

  /** What a name stands for may be known to be of another kind. */
  private refusalOfReference(text: string): string | undefined {
    const [, name = '', field = ''] = /^\$\{([\w-]+)\.([^}]+)\}$/u.exec(text) ?? [];
    const meaning = this.holder.names.get(name) ?? 'anything';
    const found = meaning === 'anything' ? 'anything' : at(meaning, field);
    if (found === 'anything' || found.length === 0) return undefined;
    const other = kindOf(found);
    const { kind } = this;
    if (!canEqual(kind, other))
      return `that is ${other.choices?.join(', ') || other.name}, and this ${kind.choices?.join(', ') || kind.name}`;
    const bearable = this.bearable;
    return bearable && !other.isText && !other.isOpen ? `that is ${other.name}, and this ${bearable.what}` : undefined;
  }

  /** Whom or what the field names, where it is more than a text. */
  private get bearable(): Bearable | undefined {
    const { kind, holder, field, within } = this;
    if (!kind.isText || kind.choices) return undefined;
    return holder.isRecord ? within.named.of(field) : within.named.ofAnswer(field);
  }

  private refusalOf(value: Exclude<Scalar, null>): string | undefined {
    const { kind, holder, field, within } = this;
    const why = kind.refuses(value);
    if (why !== undefined) return why;
    const { bearable } = this;
    if (bearable) return within.named.refuses(field, String(value), bearable);
    if (holder.isRecord) return undefined;
    const isSymbol = /(^|\.)(symbol|instrument)$/.test(field) && typeof value === 'string';
    return isSymbol && !findInstrument(value) ? 'it is no instrument' : undefined;
  }

  /** With ids of traders in place of what stands for them; undefined where anything else is referred to. */
  private filled(text: string): string | undefined {
    const { traders } = this.within.declared;
    const isKnown = (reference: string): boolean => traders.some((trader) => reference === `${trader}.id`);
    const references = [...text.matchAll(REFERENCE)].map(([, reference = '']) => reference);
    return references.every(isKnown) ? text.replaceAll(REFERENCE, STAND_IN) : undefined;
  }

  private tell(message: string): void {
    this.within.tell(this.place, message);
  }
}
