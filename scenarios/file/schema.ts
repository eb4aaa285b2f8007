/**
 * A scenario: one world, what happens in it, and what has to be true of it. Files in YAML or JSON and objects in TypeScript are read by
 * this one schema; times count from the world's start.
 */
import { z } from 'zod';
import { messageType } from './events.ts';
import { expectationSchema } from './expect-part.ts';
import { faultWindow } from './faults-part.ts';
import { duration, given, line } from './fields.ts';
import { marketSchema } from './market-part.ts';
import { stepSchema } from './script-part.ts';
import type { ScenarioOf } from './typed-names.ts';
import { type DefaultInstrument, worldSchema } from './world-part.ts';

const bug = {
  agent: z.string().optional().describe('Address of an agent that throws at messages of these types.'),
  types: z.array(messageType).min(1).optional().describe('Message types.'),
  from: duration.default(0).describe('It throws from then on.'),
  until: duration.optional().describe('It is well again from then on.'),
  planted: z.string().optional().describe('A planted bug by its name.'),
};

function checkBug(defect: Partial<Record<keyof typeof bug, unknown>>, context: z.RefinementCtx): void {
  const kinds = given(defect, ['agent', 'planted']);
  if (kinds.length !== 1) context.addIssue({ code: 'custom', message: 'needs either "agent" or "planted"' });
  if ((defect.agent === undefined) !== (defect.types === undefined))
    context.addIssue({ code: 'custom', message: '"agent" and "types" belong together' });
}

const defectSchema = z.strictObject(bug).superRefine(checkBug);

/** How a run can see a bug. */
export const SIGHTS = ['broken', 'unmet', 'fails'] as const;
const caughtSchema = z
  .strictObject({
    ...bug,
    broken: z.string().optional().describe('A checker finds this promise broken.'),
    unmet: z.string().optional().describe('An expectation of the file, in the words of its `what`, does not hold.'),
    fails: line.optional().describe('A failure of the run contains this text.'),
  })
  .superRefine((caught, context) => {
    checkBug(caught, context);
    if (given(caught, SIGHTS).length === 0)
      context.addIssue({ code: 'custom', message: `says not how it is seen: by one or more of ${SIGHTS.join(', ')}` });
  });

/** A virtual month: what runs longer is no test any more. */
const UNTIL_MAX_MS = 31 * 86_400_000;

export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  name: line.describe('In a few words.'),
  description: z.string().default('').describe('What happens, for people.'),
  seed: z
    .union([z.string().min(1), z.int()], 'must be a text or a whole number')
    .transform(String)
    .default('1')
    .describe('Everything that is drawn depends on it.'),
  until: duration
    .refine((ms) => ms > 0 && ms <= UNTIL_MAX_MS, 'must be between 1ms and 31d')
    .describe('How long it goes on; then everything heals and comes to rest.'),
  world: worldSchema.prefault({}),
  market: marketSchema.prefault({}),
  script: z.array(stepSchema).max(10_000).default([]),
  faults: z.array(faultWindow).max(1_000).default([]),
  defect: defectSchema.optional().describe('Of this run: a defective agent that the product has to bear.'),
  catches: z
    .array(caughtSchema)
    .max(20)
    .default([])
    .describe('Bugs that this scenario sees: `--planted` runs it once more with each of them.'),
  expect: z.array(expectationSchema).max(1_000).default([]),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type Defect = NonNullable<Scenario['defect']>;
export type Caught = Scenario['catches'][number];

/** Found where the world says them; everywhere else they are only looked at. */
interface Found<Person, Trader, Account, Instrument, Demo> {
  readonly person: Person;
  readonly trader: Trader;
  readonly account: Account;
  readonly instrument: Instrument;
  readonly demo: Demo;
}

/**
 * A scenario in TypeScript: `export default defineScenario({...})` in a file that ends with `.scenario.ts`. Events, their fields and
 * values, people, traders, accounts and instruments that are none do not compile.
 */
export const defineScenario = <
  Person extends string = never,
  Trader extends string = never,
  Account extends string = never,
  Instrument extends string = DefaultInstrument,
  Demo extends boolean = false,
>(
  scenario: ScenarioOf<
    Found<NoInfer<Person>, NoInfer<Trader>, NoInfer<Account>, NoInfer<Instrument>, Demo>,
    Found<Person, Trader, Account, Instrument, Demo>
  >,
): ScenarioInput => scenario as ScenarioInput;

/** The JSON Schema that editors read. */
export const describeScenarioSchema = (): string =>
  `${JSON.stringify(z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' }), undefined, 2)}\n`;
