/** docs/SCENARIO-FIELDS.md: every field that a scenario file may have, read off the schema that reads the files. */
import { z } from 'zod';
import { scenarioSchema } from './schema.ts';

/** The parts of a JSON Schema that are told. */
interface Part {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Part[];
  readonly allOf?: readonly Part[];
  readonly items?: Part;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly additionalProperties?: Part | boolean;
  readonly required?: readonly string[];
}

interface Row {
  readonly path: string;
  readonly part: Part;
  readonly isRequired: boolean;
}

/** What texts of a known form are called. */
const FORMS: readonly (readonly [sample: string, name: string])[] = [
  ['90s', 'a duration'],
  ['-5%', 'a percentage'],
  ['+30s', 'a step of time'],
  ['GET /health', 'a method and a path'],
  ['2xx', 'a class of statuses'],
  ['a-name', 'a name'],
  ['12.5', 'a decimal number as text'],
];

function formOf(pattern: string): string {
  const form = new RegExp(pattern, 'u');
  return FORMS.find(([sample]) => form.test(sample))?.[1] ?? 'a text';
}

/** What stands in `definitions`, because it is long and stands in many places. */
const DEFINED: Readonly<Record<string, string>> = {
  '#/definitions/event': 'a recorded event',
  '#/definitions/message': 'a message type',
};

const quoted = (value: unknown): string => `\`${JSON.stringify(value)}\``;

function typeText(part: Part): string {
  const { $ref, type, enum: choices, pattern, anyOf, allOf, items, minimum, maximum } = part;
  if ($ref !== undefined) return DEFINED[$ref] ?? 'anything';
  const [only] = allOf ?? [];
  if (only?.$ref !== undefined) return typeText(only);
  if (part.const !== undefined) return quoted(part.const);
  if (choices) return choices.map(quoted).join(', ');
  if (anyOf) return [...new Set(anyOf.map(typeText))].join(', or ');
  if (pattern !== undefined) return formOf(pattern);
  if (type === 'array') return `a list of ${items ? typeText(items) : 'anything'}`;
  if (type === 'object') return 'a mapping';
  if (type === 'string') return 'a text';
  if (type === 'boolean') return 'true or false';
  if (type === 'null') return 'null';
  if (type !== 'number' && type !== 'integer') return 'anything';
  // The bounds of whole numbers themselves tell nobody anything.
  const isTold = (bound: number | undefined): bound is number => bound !== undefined && Math.abs(bound) < 2 ** 53 - 1;
  const least = isTold(minimum) ? ` from ${minimum}` : '';
  const most = isTold(maximum) ? ` up to ${maximum}` : '';
  return `a ${type === 'integer' ? 'whole ' : ''}number${least}${most}`;
}

/** What is told once and may stand in several places. */
const TOLD_AT: Readonly<Record<string, string>> = {
  'script[].limits': 'world.limits',
  'script[].faults': 'faults[]',
  'script[].shock': 'market.shocks[]',
  'expect[].where': 'script[].on.where',
  'expect[].after.where': 'script[].on.where',
  'expect[].sequence[].where': 'script[].on.where',
  'expect[].has': 'script[].on.where',
};

/** Fields below a part, those of all its forms, each with its path. */
function below(part: Part, path: string): Row[] {
  if (path in TOLD_AT) return [];
  const inner = [...(part.anyOf ?? []), ...(part.allOf ?? [])].flatMap((form) => below(form, path));
  const listed = part.items ? below(part.items, `${path}[]`) : [];
  const named = typeof part.additionalProperties === 'object' ? below(part.additionalProperties, `${path}.NAME`) : [];
  const own = Object.entries(part.properties ?? {}).flatMap(([key, field]) => {
    const at = path === '' ? key : `${path}.${key}`;
    const isRequired = (part.required ?? []).includes(key) && field.default === undefined;
    return [{ path: at, part: field, isRequired }, ...below(field, at)];
  });
  return [...own, ...listed, ...named, ...inner];
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function line({ path, part, isRequired }: Row): string {
  const usual = part.default === undefined || isEmpty(part.default) ? '' : `usually ${quoted(part.default)}`;
  const elsewhere = TOLD_AT[path];
  const meaning = [part.description ?? [], elsewhere === undefined ? [] : `As \`${elsewhere}\`.`].flat().join(' ');
  const cells = [`\`${path}\``, typeText(part), isRequired ? 'needed' : usual, meaning];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The page as Markdown. */
export function describeScenarioFields(): string {
  const whole = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' }) as Part;
  const sections = Object.entries(whole.properties ?? {}).filter(([key]) => key !== '$schema');
  const told = sections.map(([key, part]) => {
    const rows = [{ path: key, part, isRequired: (whole.required ?? []).includes(key) }, ...below(part, key)];
    const unique = [...new Map(rows.map((row) => [row.path, row])).values()];
    return `## ${key}\n\n| Field | Value | | Meaning |\n| --- | --- | --- | --- |\n${unique.map(line).join('\n')}\n`;
  });
  return `# Fields of a scenario file

Every field that \`docs/SCENARIOS.md\` teaches, read off the schema by \`npm run docs\`. \`[]\` is each entry of a list, \`NAME\` a name of
your own. A field without "needed" may be left out.

${told.join('\n')}`;
}
