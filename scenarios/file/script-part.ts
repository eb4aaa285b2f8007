/** Who does what, when: at a moment, or when something has happened. A step does exactly one thing. */
import { z } from 'zod';
import { faultKinds } from './faults-part.ts';
import { duration, given, line, wantedFields, word } from './fields.ts';
import { shockSchema } from './market-part.ts';
import { limitsOverride } from './world-part.ts';

export const eventSchema = z.strictObject({
  /** Type of a record. */
  event: z.string(),
  /** Fields of its message. */
  where: wantedFields.default({}),
});
export type EventWanted = z.output<typeof eventSchema>;

const trigger = eventSchema.extend({
  /** Which of them, from 1. */
  nth: z.int().positive().optional(),
  /** Each of them. */
  every: z.literal(true).optional(),
  after: duration.default(0),
});

const STATUS_FORM = 'must be a status such as 201, "2xx", "any" or "none" (no answer), or a list of them';
const oneStatus = z.union(
  [z.int().min(100).max(599), z.string().regex(/^([1-5]xx|any|none)$/, STATUS_FORM)],
  STATUS_FORM,
);
export const statusWanted = z.union([oneStatus, z.array(oneStatus).min(1)], STATUS_FORM);
export type StatusWanted = z.output<typeof statusWanted>;

const CALL_FORM = 'must be a method and a path, such as GET /health';
const callText = z.string(CALL_FORM).regex(/^(GET|POST|PUT|DELETE|PATCH) \/\S*$/, CALL_FORM);

/** What a step can do. */
export const DEEDS = ['call', 'stop', 'release', 'decide', 'limits', 'crash', 'faults', 'shock'] as const;
export type DeedName = (typeof DEEDS)[number];

const stepShape = z.strictObject({
  at: duration.optional(),
  on: trigger.optional(),
  /** Who; the development user, who may do everything, when absent. */
  by: word.optional(),
  /** Keeps the answer's body: `${name.field}` from then on. */
  as: word.optional(),
  status: statusWanted.optional(),
  /** Sends it again with the same key while the answer is 503 or none. */
  insist: z.boolean().default(false),
  /** Nothing is wrong when its event never comes. */
  optional: z.boolean().default(false),
  /** So often at one moment. */
  times: z.int().min(1).max(1_000).default(1),
  call: callText.optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** The `Idempotency-Key`; one of its own when absent. */
  key: z.string().optional(),
  stop: z
    .strictObject({
      /** A trader of the file; everything when absent. */
      trader: word.optional(),
      reason: line.default('a scenario stops'),
    })
    .optional(),
  /** The name under which a step has kept its stop. */
  release: word.optional(),
  decide: z.enum(['approve', 'reject', 'both']).optional(),
  /** The request's id; that of the event when absent. */
  request: z.string().optional(),
  limits: limitsOverride.optional(),
  /** The process dies; a new one starts a little later. */
  crash: z.literal(true).optional(),
  faults: z.union([faultKinds, z.literal('off')], 'must be faults by port, or "off"').optional(),
  /** How long the faults last; to the end when absent. */
  for: duration.optional(),
  shock: shockSchema.optional(),
});
export type Step = z.output<typeof stepShape>;

const NEEDS_A_CALL = ['body', 'headers'] as const;

export const stepSchema = stepShape.superRefine((step, context) => {
  const tell = (message: string, path: string[] = []): void => context.addIssue({ code: 'custom', message, path });
  const deeds = given(step, DEEDS);
  if (deeds.length === 0) tell(`does nothing: one of ${DEEDS.join(', ')} says what`);
  if (deeds.length > 1) tell(`does ${deeds.join(' and ')}: one step does one thing`);
  if ((step.at === undefined) === (step.on === undefined)) tell('needs either "at" or "on"');
  if (step.on?.every && step.on.nth !== undefined) tell('"every" and "nth" exclude each other', ['on', 'nth']);
  for (const name of NEEDS_A_CALL)
    if (step[name] !== undefined && !deeds.includes('call')) tell(`"${name}" belongs to a "call"`, [name]);
  if (step.for !== undefined && !deeds.includes('faults')) tell('"for" belongs to "faults"', ['for']);
  if (deeds.includes('decide') && step.request === undefined && step.on?.event !== 'approval.requested')
    tell('needs "request", or an "on" with the event approval.requested', ['decide']);
});
