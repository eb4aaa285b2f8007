/** Problems of a scenario whose form is right: collects them, and knows which names the file declares. */
import { schemaOf } from './events.ts';
import { durationText, type WantedFields } from './fields.ts';
import { at, kindOf, pathsOf, type Schema } from './parts.ts';
import { type Path, type Problem, suggestion } from './problems.ts';
import type { Scenario } from './schema.ts';

/** What is written in a `${…}`; the event of a trigger is there too. */
const REFERENCE = /\$\{([^}]*)\}/g;
const WHOLE = /^\$\{[^}]*\}$/;

/** What a name in `${…}` stands for: schemas of which one fits; nothing is known of `anything`. */
export type Meaning = readonly Schema[] | 'anything';
export type Names = ReadonlyMap<string, Meaning>;

/** Names that a file gives, whether or not everything else about their bearers is right. */
export interface Declared {
  readonly instruments: readonly string[];
  readonly people: readonly string[];
  readonly traders: readonly string[];
  /** Ids. */
  readonly accounts: readonly string[];
  /** With `as`, by its steps. */
  readonly kept: readonly string[];
  /** `what` of expectations. */
  readonly told: readonly string[];
}

export class Check {
  readonly problems: Problem[] = [];

  constructor(
    readonly scenario: Scenario,
    readonly declared: Declared,
  ) {}

  tell(path: Path, message: string, atKey = false): void {
    this.problems.push({ path, message, ...(atKey && { atKey }) });
  }

  known(path: Path, what: string, name: string | undefined, choices: readonly string[]): void {
    if (name !== undefined && !choices.includes(name))
      this.tell(path, `is "${name}", which is no ${what}: ${suggestion(name, choices)}`);
  }

  instrument(path: Path, symbol: string | undefined): void {
    if (symbol !== undefined && symbol !== 'all')
      this.known([...path, 'instrument'], 'instrument of this world', symbol, this.declared.instruments);
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

  moment(path: Path, moment: number | string | undefined): void {
    if (typeof moment === 'number' && moment > this.scenario.until)
      this.tell([...path, 'at'], `is behind the end of the scenario (${durationText(this.scenario.until)})`);
  }

  /** Every `${name.field}` in a value. */
  references(path: Path, value: unknown, names: Names): void {
    if (typeof value === 'string') {
      for (const [, reference = ''] of value.matchAll(REFERENCE)) this.reference(path, reference, names);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.references([...path, index], item, names);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) this.references([...path, key], item, names);
    }
  }

  /** Fields of the records of an event, by path, each with a value that it can have. */
  fields(path: Path, event: string, where: WantedFields): void {
    this.fieldsOf(path, event, [schemaOf(event)], where);
  }

  /** Fields of an answer, as far as anything is known of it. */
  answered(path: Path, call: string, answer: Meaning, has: WantedFields): void {
    if (answer !== 'anything') this.fieldsOf(path, `what ${call} answers`, answer, has);
  }

  /** A field that the records of an event have, their own or that of their ticket. */
  field(path: Path, event: string, field: string): void {
    const schema = schemaOf(event);
    const isThere = [field, `ticket.${field}`].some((one) => at([schema], one).length > 0);
    if (!isThere) this.tell(path, `is "${field}", which is no field of ${event}: ${fieldNear(field, pathsOf(schema))}`);
  }

  private fieldsOf(path: Path, what: string, schemas: readonly Schema[], wanted: WantedFields): void {
    for (const [field, value] of Object.entries(wanted)) {
      const found = at(schemas, field);
      if (found === 'anything') continue;
      if (found.length > 0) this.value([...path, field], found, value);
      else
        this.tell(
          [...path, field],
          `is no field of ${what}: ${fieldNear(
            field,
            schemas.flatMap((one) => pathsOf(one)),
          )}`,
          true,
        );
    }
  }

  private value(path: Path, schemas: readonly Schema[], wanted: WantedFields[string]): void {
    const kind = kindOf(schemas);
    const isConditions = typeof wanted === 'object' && wanted !== null;
    const { min, max, not, in: choices = [], matches, exists } = isConditions ? wanted : {};
    const values = isConditions ? [...(not === undefined ? [] : [not]), ...choices] : [wanted];
    if (kind.isHolder && exists === undefined) {
      this.tell(path, `is ${kind.name}: name a field of it`);
      return;
    }
    for (const value of values) {
      if ((typeof value === 'string' && WHOLE.test(value)) || kind.allows(value)) continue;
      const near = kind.choices?.length ? suggestion(String(value), kind.choices) : `it is ${kind.name}`;
      this.tell(path, `can never be ${JSON.stringify(value)}: ${near}`);
    }
    if ((min ?? max) !== undefined && !kind.isOrdered) this.tell(path, `is ${kind.name}, which has no "min" or "max"`);
    if (matches !== undefined && !kind.isText) this.tell(path, `is ${kind.name}, which matches no pattern`);
  }

  private reference(path: Path, reference: string, names: Names): void {
    const name = /^[\w-]*/.exec(reference)?.[0] ?? '';
    this.known(path, 'name of this scenario', name, [...names.keys()]);
    const meaning = names.get(name);
    const field = reference.slice(name.length).replace(/^\./, '');
    if (meaning === undefined || meaning === 'anything' || field === '') return;
    if (at(meaning, field).length > 0) return;
    const fields = meaning.flatMap((schema) => pathsOf(schema));
    this.tell(path, `holds \${${reference}}: "${name}" has no "${field}": ${fieldNear(field, fields)}`);
  }
}

const lastOf = (path: string): string => path.split('.').at(-1) ?? path;

/** The field that may have been meant: one that ends alike, or is spelled alike. */
function fieldNear(field: string, choices: readonly string[]): string {
  const alike = choices.filter((choice) => lastOf(choice) === lastOf(field));
  return suggestion(field, choices.includes(field) || alike.length === 0 ? [...new Set(choices)] : alike);
}
