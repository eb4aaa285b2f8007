/** Problems of a scenario whose form is right: collects them, and knows which names the file declares and what they can be. */
import type { Declared } from './declared.ts';
import { durationText } from './fields.ts';
import { NamedFields } from './named-fields.ts';
import { at, fieldNear, pathsOf, type Schema } from './parts.ts';
import { type Path, type Problem, suggestion } from './problems.ts';
import type { Scenario } from './schema.ts';

/** What is written in a `${…}`; the event of a trigger is there too. */
const REFERENCE = /\$\{([^}]*)\}/g;

/** What a name in `${…}` stands for: schemas of which one fits; nothing is known of `anything`. */
export type Meaning = readonly Schema[] | 'anything';
export type Names = ReadonlyMap<string, Meaning>;

/** What is refused as a name is not offered as one. */
const isName = (text: string): boolean => /^(\*|[\w-]+)$/u.test(text);

export class Check {
  readonly problems: Problem[] = [];

  readonly named: NamedFields;

  constructor(
    readonly scenario: Scenario,
    readonly declared: Declared,
  ) {
    this.named = new NamedFields(declared, scenario);
  }

  tell(path: Path, message: string, atKey = false): void {
    this.problems.push({ path, message, ...(atKey && { atKey }) });
  }

  known(path: Path, what: string, name: string | undefined, choices: readonly string[]): void {
    if (name !== undefined && !choices.includes(name))
      this.tell(path, `is "${name}", which is no ${what}: ${suggestion(name, choices.filter(isName))}`);
  }

  /** In `${…}` a step finds under these names what it was not given by the file. */
  free(path: Path, name: string | undefined, atKey = false): void {
    if (name === 'now' || name === 'event')
      this.tell(
        path,
        'has a name that is taken: in a step ${now} is its moment, ${event} the message that it waited for',
        atKey,
      );
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
