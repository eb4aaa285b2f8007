/**
 * A scenario: one world, what happens in it, and what has to be true of it. Files in YAML or JSON and objects in TypeScript are read by
 * this one schema; times count from the world's start.
 */
import { z } from 'zod';
import { expectationSchema } from './expect-part.ts';
import { faultWindow } from './faults-part.ts';
import { duration, given, line } from './fields.ts';
import { marketSchema } from './market-part.ts';
import { stepSchema } from './script-part.ts';
import { worldSchema } from './world-part.ts';

const defectSchema = z
  .strictObject({
    agent: z.string().optional().describe('Address of an agent that throws at messages of these types.'),
    types: z.array(z.string()).min(1).optional(),
    from: duration.default(0),
    until: duration.optional(),
    planted: z.string().optional().describe('A planted bug by its name.'),
  })
  .superRefine((defect, context) => {
    const kinds = given(defect, ['agent', 'planted']);
    if (kinds.length !== 1) context.addIssue({ code: 'custom', message: 'needs either "agent" or "planted"' });
    if ((defect.agent === undefined) !== (defect.types === undefined))
      context.addIssue({ code: 'custom', message: '"agent" and "types" belong together' });
  });

/** A virtual month: what runs longer is no test any more. */
const UNTIL_MAX_MS = 31 * 86_400_000;

export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  name: line,
  description: z.string().default(''),
  seed: z
    .union([z.string().min(1), z.int()], 'must be a text or a whole number')
    .transform(String)
    .default('1')
    .describe('Everything that is drawn depends on it.'),
  until: duration.refine((ms) => ms > 0 && ms <= UNTIL_MAX_MS, 'must be between 1ms and 31d'),
  world: worldSchema.prefault({}),
  market: marketSchema.prefault({}),
  script: z.array(stepSchema).max(10_000).default([]),
  faults: z.array(faultWindow).max(1_000).default([]),
  defect: defectSchema.optional(),
  expect: z.array(expectationSchema).max(1_000).default([]),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type Defect = NonNullable<Scenario['defect']>;

/** A scenario in TypeScript: `export default defineScenario({...})` in a file that ends with `.scenario.ts`. */
export const defineScenario = (scenario: ScenarioInput): ScenarioInput => scenario;

/** The JSON Schema that editors read. */
export const describeScenarioSchema = (): string =>
  `${JSON.stringify(z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' }), undefined, 2)}\n`;
