/** What has to be true of a run. An expectation is about exactly one thing. */
import { z } from 'zod';
import { eventName } from './events.ts';
import { duration, given, line, wantedFields, word } from './fields.ts';
import { eventSchema, statusWanted } from './script-part.ts';

/** What an expectation can be about. */
export const SUBJECTS = [
  'event',
  'never',
  'eventually',
  'sequence',
  'state',
  'figure',
  'alike',
  'broken',
  'fails',
] as const;
export type SubjectName = (typeof SUBJECTS)[number];
export const FIGURES = ['equity', 'cash', 'position', 'exposure'] as const;
export type FigureName = (typeof FIGURES)[number];

const STATE_FORM = 'must be GET and a path, such as GET /health';
const MOMENT_FORM = 'must be a duration since the start, "always" or "end"';
/** `always`: each second. */
const moment = z.union([duration, z.literal('end'), z.literal('always')], MOMENT_FORM);

const expectationShape = z.strictObject({
  what: line.optional().describe('In your own words.'),
  event: eventName.optional().describe('This happens: once or more, or as often as `count` says.'),
  count: z
    .union(
      [
        z.int().nonnegative(),
        z
          .strictObject({ min: z.int().nonnegative().optional(), max: z.int().nonnegative().optional() })
          .refine(({ min = 0, max }) => (max === undefined ? min > 0 : min <= max), 'holds always or never'),
      ],
      'must be a number, or {min, max}',
    )
    .optional()
    .describe('How often; at least once when absent.'),
  never: eventName.optional().describe('This does not happen.'),
  where: wantedFields.default({}).describe('Fields of the message.'),
  from: duration
    .default(0)
    .describe('Only what happens in this time counts; a figure is looked at from then on, with `at: always`.'),
  until: duration.optional(),
  eventually: eventName
    .optional()
    .describe(
      'After each event of `after` this happens, `within` a duration; `same`: with the same value in this field.',
    ),
  after: eventSchema.optional(),
  within: duration.optional(),
  same: z.string().optional().describe('A field, such as `orderId`.'),
  sequence: z
    .array(z.union([eventName, eventSchema], 'must be a type, or {event, where}'))
    .min(2)
    .optional()
    .describe('These happen one after the other, others between them; with `same`, about one thing.'),
  state: z
    .string(STATE_FORM)
    .regex(/^GET \/\S*$/, STATE_FORM)
    .optional()
    .describe('What the API says.'),
  by: word.optional().describe('Who asks.'),
  status: statusWanted.optional().describe('Of the answer; any success when absent.'),
  nowhere: z
    .literal(true)
    .optional()
    .describe('There is no such route, and that is meant: 404 when no `status` is said.'),
  alike: z
    .array(z.string(STATE_FORM).regex(/^GET \/\S*$/, STATE_FORM))
    .min(2)
    .max(10)
    .optional()
    .describe('These readings of the API say the same at the end, over all of their pages.'),
  apart: z.array(z.string()).default([]).describe('Names of fields that may differ between them.'),
  has: wantedFields.default({}).describe('Fields of the answer.'),
  at: moment.optional().describe('A moment, `end`, or `always`; the end when absent.'),
  figure: z
    .enum(FIGURES)
    .optional()
    .describe(
      'What a trader or an account has, folded from fills and the true market, apart from the product; of futures, too, `cash` moves by the whole value of a fill.',
    ),
  trader: word.optional().describe('Whose figure.'),
  account: z.string().min(1).optional().describe('Whose figure, instead of a trader.'),
  instrument: z.string().optional().describe('All together when absent; a position needs one.'),
  min: z.number().optional().describe('At least, to half a cent; of a position exactly.'),
  max: z.number().optional().describe('At most, to half a cent; of a position exactly.'),
  equals: z.number().optional().describe('To half a cent; a position exactly.'),
  broken: z.string().optional().describe('A checker finds its promise broken: for a scenario with a defect.'),
  fails: line.optional().describe('A failure of the run that contains this text.'),
});
export type Expectation = z.output<typeof expectationShape>;

/** Keys that only make sense beside a subject. */
const BELONGS: Readonly<Partial<Record<keyof Expectation, readonly SubjectName[]>>> = {
  count: ['event'],
  until: ['event', 'never', 'sequence', 'eventually'],
  after: ['eventually'],
  within: ['eventually'],
  same: ['eventually', 'sequence'],
  by: ['state', 'alike'],
  status: ['state'],
  nowhere: ['state'],
  at: ['state', 'figure'],
  trader: ['figure'],
  account: ['figure'],
  instrument: ['figure'],
  min: ['figure'],
  max: ['figure'],
  equals: ['figure'],
  where: ['event', 'never', 'eventually', 'sequence'],
  from: ['event', 'never', 'eventually', 'sequence', 'figure'],
  has: ['state'],
  apart: ['alike'],
};

/** Not what stands for the absence of a key that has a usual value. */
const isSaid = (key: string, value: unknown): boolean =>
  value !== undefined &&
  !(key === 'from' && value === 0) &&
  !(typeof value === 'object' && value !== null && Object.keys(value).length === 0);

export const expectationSchema = expectationShape.superRefine((expectation, context) => {
  const tell = (message: string, path: string[] = []): void => context.addIssue({ code: 'custom', message, path });
  const subjects = given(expectation, SUBJECTS);
  const [subject] = subjects;
  if (!subject) return tell(`expects nothing: one of ${SUBJECTS.join(', ')} says what`);
  if (subjects.length > 1) return tell(`is about ${subjects.join(' and ')}: one expectation is about one thing`);
  for (const [key, owners] of Object.entries(BELONGS))
    if (isSaid(key, expectation[key as keyof Expectation]) && !owners.includes(subject))
      tell(`"${key}" does not belong to "${subject}"`, [key]);
  const bounds = given(expectation, ['min', 'max', 'equals']);
  if (subject === 'eventually' && !(expectation.after && expectation.within !== undefined))
    tell('needs "after" and "within"', ['eventually']);
  if (subject === 'figure' && isSaid('from', expectation.from) && expectation.at !== 'always')
    tell('needs "at: always": else a figure is looked at once', ['from']);
  const whose = given(expectation, ['trader', 'account']);
  if (subject === 'figure' && whose.length === 0) tell('needs a "trader" or an "account"', ['figure']);
  if (subject === 'figure' && whose.length === 2)
    tell('"trader" and "account" exclude each other: a figure is of one of them', ['account']);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = expectation;
  if (min > max) tell('"min" is above "max"', ['min']);
  if (subject === 'figure' && bounds.length === 0) tell('needs "min", "max" or "equals"', ['figure']);
  if (expectation.figure === 'position' && expectation.instrument === undefined)
    tell('needs an "instrument"', ['figure']);
  if (subject === 'state' && expectation.at === 'always') tell('can be asked at a moment or at the end', ['at']);
});
