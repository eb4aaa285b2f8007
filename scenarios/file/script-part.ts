/** Who does what, when: at a moment, or when something has happened. A step does exactly one thing. */
import { z } from 'zod';
import { decimalText } from '../../messages/common.ts';
import { eventName } from './events.ts';
import { faultKinds } from './faults-part.ts';
import { duration, given, line, wantedFields, word } from './fields.ts';
import { shockSchema } from './market-part.ts';
import { limitsOverride } from './world-part.ts';

export const eventSchema = z.strictObject({
  event: eventName.describe('Type of a record.'),
  where: wantedFields.default({}).describe('Fields of its message.'),
});
export type EventWanted = z.output<typeof eventSchema>;

const trigger = eventSchema.extend({
  nth: z.int().positive().optional().describe('Which of them, from 1.'),
  every: z.literal(true).optional().describe('Each of them.'),
  after: duration.default(0).describe('So long after it.'),
});

const STATUS_FORM = 'must be a status such as 201, "2xx", "any" or "none" (no answer), or a list of them';
/** Of an answer, or of the close of a socket. */
const STATUS_MAX = 4_999;
const oneStatus = z.union(
  [z.int().min(100).max(STATUS_MAX), z.string().regex(/^([1-5]xx|any|none)$/, STATUS_FORM)],
  STATUS_FORM,
);
export const statusWanted = z.union([oneStatus, z.array(oneStatus).min(1)], STATUS_FORM);
export type StatusWanted = z.output<typeof statusWanted>;

const CALL_FORM = 'must be a method and a path, such as GET /health';
const callText = z.string(CALL_FORM).regex(/^(GET|POST|PUT|DELETE|PATCH) \/\S*$/, CALL_FORM);

const SOCKET_FORM = 'must be a path, such as /ws';
const socketPath = z.string(SOCKET_FORM).regex(/^\/\S*$/, SOCKET_FORM);

const TICKS_MAX = 500_000;
const fileSchema = z
  .strictObject({
    ticks: z.int().min(1).max(TICKS_MAX).optional().describe('So many, invented from the seed.'),
    start: z.iso.datetime().default('2025-01-02T14:30:00Z').describe('Time of the first one.'),
    every: duration.default(1_000).describe('Time between two.'),
    price: z.number().positive().default(21_000).describe('Of the first one.'),
    step: z.number().positive().default(0.25).describe('Each further one is so much higher or lower.'),
    text: z.string().max(1_000_000).optional().describe('The content as it is, instead of `ticks`.'),
    field: z.string().min(1).default('file').describe('Its field in the form.'),
  })
  .refine(({ ticks, text }) => (ticks === undefined) !== (text === undefined), 'needs either "ticks" or "text"');

/** What somebody asks the product for, and is answered. */
const ANSWERED = ['call', 'stop', 'release', 'decide', 'limits', 'listen'] as const;
/** What a step can do. */
export const DEEDS = [...ANSWERED, 'crash', 'kill', 'faults', 'shock', 'outside'] as const;
export type DeedName = (typeof DEEDS)[number];

const stepShape = z.strictObject({
  at: duration.optional().describe('Since the start.'),
  on: trigger.optional().describe('When this has been recorded.'),
  by: word.optional().describe('Who; the development user, who may do everything, when absent.'),
  as: word.optional().describe("Keeps the answer's body: `${name.field}` from then on."),
  status: statusWanted.optional().describe('Which answer is right; any success when absent.'),
  nowhere: z
    .literal(true)
    .optional()
    .describe('The product has no such route, and is asked for it on purpose: 404 is right when no `status` is said.'),
  insist: z
    .boolean()
    .default(false)
    .describe('Sends it again with the same key while the answer is 503 or none, up to four minutes behind the end.'),
  optional: z
    .boolean()
    .default(false)
    .describe('Nothing is wrong when its event never comes, or its moment lies behind the end.'),
  times: z.int().min(1).max(1_000).default(1).describe('So often at one moment.'),
  call: callText.optional().describe('A request to the API.'),
  listen: socketPath
    .optional()
    .describe(
      'Opens a socket, such as `/ws`. Its answer comes when somebody hangs up: `{count, heard}` with all messages heard, and the status 101 when that was the client, the code of the close when it was the product, 1006 when the process died.',
    ),
  say: z
    .array(z.union([z.string(), z.record(z.string(), z.unknown())]))
    .max(1_000)
    .optional()
    .describe('Said on the socket when it is open, in order: as JSON, or a text as it is.'),
  body: z.unknown().optional().describe('Sent as JSON. A GET has none.'),
  form: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('Fields of a form, sent instead of JSON.'),
  file: fileSchema.optional().describe('A tick file that is sent with the form.'),
  takes: duration.optional().describe('How long sending the form takes; no time when absent.'),
  cut: duration
    .optional()
    .describe('The line is cut so long after the request began, once: in the middle of the form or of the answer.'),
  has: wantedFields.optional().describe('Fields of the answer, or of its last event when it is a stream.'),
  headers: z.record(z.string(), z.string()).optional().describe('Beside those that every client sends.'),
  key: z.string().optional().describe('The `Idempotency-Key`; one of its own when absent.'),
  stop: z
    .strictObject({
      trader: word.optional().describe('A trader of the file; everything when absent, and without an `account`.'),
      account: z.string().min(1).optional().describe('An account of this world, instead of a trader.'),
      reason: line.default('a scenario stops'),
    })
    .refine(
      ({ trader, account }) => trader === undefined || account === undefined,
      'names a "trader" and an "account": one of them is stopped',
    )
    .optional()
    .describe('An emergency stop.'),
  release: word.optional().describe('The name under which a step has kept its stop.'),
  decide: z.enum(['approve', 'reject', 'both']).optional().describe('About a held order; `both` at once.'),
  request: z.string().optional().describe("The request's id; that of the event when absent."),
  limits: limitsOverride.optional().describe('What changes of the limits in force.'),
  crash: z.literal(true).optional().describe('The process dies; a new one starts a little later.'),
  kill: z
    .literal('worker')
    .optional()
    .describe('One of the `workers` dies with what it has in hand; another starts a little later.'),
  faults: z
    .union([faultKinds, z.literal('off')], 'must be faults by port, or "off"')
    .optional()
    .describe('Begin now, or all end.'),
  for: duration.optional().describe('How long the faults last, or how long somebody listens; to the end when absent.'),
  outside: z
    .strictObject({
      trader: word.optional().describe('On whose account.'),
      account: z.string().min(1).optional().describe('On which account of this world, instead of that of a trader.'),
      instrument: z.string(),
      side: z.enum(['buy', 'sell']),
      quantity: decimalText,
      price: decimalText,
      type: z.enum(['market', 'limit']).default('market'),
    })
    .refine(
      ({ trader, account }) => (trader === undefined) !== (account === undefined),
      'needs either a "trader" or an "account"',
    )
    .optional()
    .describe('Somebody else trades on the account at the venue, not through the product.'),
  shock: shockSchema.optional().describe('The market moves now.'),
});
export type Step = z.output<typeof stepShape>;

const NEEDS_A_CALL = ['body', 'key', 'form', 'file', 'takes', 'cut'] as const;
const HAS_A_BODY = ['body', 'form', 'file'] as const;
const NEEDS_A_FORM = ['takes', 'cut'] as const;
const NEEDS_AN_ANSWER = ['status', 'has'] as const;
const ASKS_SOMEWHERE = ['call', 'listen'] as const;

export const stepSchema = stepShape.superRefine((step, context) => {
  const tell = (message: string, path: string[] = []): void => context.addIssue({ code: 'custom', message, path });
  const deeds = given(step, DEEDS);
  if (deeds.length === 0) tell(`does nothing: one of ${DEEDS.join(', ')} says what`);
  if (deeds.length > 1) tell(`does ${deeds.join(' and ')}: one step does one thing`);
  if ((step.at === undefined) === (step.on === undefined)) tell('needs either "at" or "on"');
  if (step.on?.every && step.on.nth !== undefined) tell('"every" and "nth" exclude each other', ['on', 'nth']);
  for (const name of given(step, NEEDS_A_CALL))
    if (!deeds.includes('call')) tell(`"${name}" belongs to a "call"`, [name]);
  if (step.call?.startsWith('GET '))
    for (const name of given(step, HAS_A_BODY)) tell(`"${name}" is never sent: a GET has no body`, [name]);
  const isForm = step.form !== undefined || step.file !== undefined;
  if (isForm && step.body !== undefined) tell('"form" and "body" exclude each other', ['form']);
  for (const name of given(step, NEEDS_A_FORM)) if (!isForm) tell(`"${name}" belongs to a "form" or a "file"`, [name]);
  if (deeds.length > 0 && given(step, ANSWERED).length === 0)
    for (const name of given(step, NEEDS_AN_ANSWER))
      tell(`"${name}" belongs to what is answered: ${ANSWERED.join(', ')}`, [name]);
  const mayLast = deeds.includes('faults') || deeds.includes('listen');
  if (step.for !== undefined && !mayLast) tell('"for" belongs to "faults" or "listen"', ['for']);
  if (step.headers && !deeds.includes('call') && !deeds.includes('listen'))
    tell('"headers" belongs to a "call" or a "listen"', ['headers']);
  if (step.nowhere && given(step, ASKS_SOMEWHERE).length === 0)
    tell('"nowhere" belongs to a "call" or a "listen"', ['nowhere']);
  if (step.say && !deeds.includes('listen')) tell('"say" belongs to a "listen"', ['say']);
  if (step.insist && deeds.includes('listen'))
    tell('"insist" is not for a "listen": it ends when its socket does', ['insist']);
  if (deeds.includes('decide') && step.request === undefined && step.on?.event !== 'approval.requested')
    tell('needs "request", or an "on" with the event approval.requested', ['decide']);
});
