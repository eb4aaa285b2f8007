/**
 * What is kept of a run that once failed, as plain data that no change of drawing touches: a drawn world with its script, or a seed of a
 * scenario file. Faults that are off are not written down; a fault or a deed that nobody knows any more is refused by name.
 */
import { z } from 'zod';
import { NO_WORLD_FAULTS, ratesOf, type WorldFaults } from '../faults.ts';
import type { Deed, Script } from '../people/script.ts';

const DEEDS: Readonly<Record<Deed['do'], true>> = {
  ...{ trade: true, cancel: true, look: true, terminate: true, decide: true, stop: true, release: true },
  ...{ upload: true, backtest: true, bot: true, 'stop-bot': true, crash: true, 'fill-disk': true },
  ...{ 'step-clock': true, 'interrupt-venue': true, night: true, flash: true },
  ...{ steer: true, read: true, listen: true, meddle: true, upkeep: true, limits: true, reconcile: true },
  ...{ attack: true, shock: true, regime: true, hold: true, 'kill-worker': true, 'lose-queue': true },
};

const NONE = ratesOf(NO_WORLD_FAULTS);

const faults = z
  .record(z.string(), z.record(z.string(), z.union([z.number(), z.boolean()])))
  .superRefine((ports, context) => {
    for (const [port, rates] of Object.entries(ports))
      for (const kind of Object.keys(rates))
        if (NONE[port]?.[kind] === undefined)
          context.addIssue({ code: 'custom', message: `there is no fault ${port}.${kind}` });
  });

const step = z.strictObject({
  atMs: z.number().min(0),
  who: z.string().min(1),
  deed: z.looseObject({ do: z.string().refine((name) => name in DEEDS, 'is no deed of people') }),
});

const script = z.strictObject({
  startsAt: z.number(),
  virtualMs: z.number().min(0),
  faults,
  limits: z.strictObject({
    quotaDailyTrades: z.number().optional(),
    quotaDailyVolume: z.number().optional(),
    exposureMax: z.string().optional(),
    missing: z.array(z.string()).optional(),
  }),
  commissionBps: z.string().optional(),
  budgets: z.record(z.string(), z.number()).optional(),
  people: z.record(z.string(), z.array(z.string())).optional(),
  fourEyes: z.boolean().optional(),
  workers: z.number().optional(),
  past: z.literal(true).optional(),
  idempotency: z.enum(['clientOrderId', 'lookup', 'none']).optional(),
  keepRecords: z.number().optional(),
  steps: z.array(step),
});

/** `found`: what was wrong, for a person. */
const kept = { found: z.string().min(1), seed: z.string().min(1) };

const entry = z.discriminatedUnion('kind', [
  z.strictObject({
    ...kept,
    kind: z.literal('drawn'),
    /** The bug of scenarios/planted/ that it has to show: planted, the world breaks a promise. */
    planted: z.string().optional(),
    burst: z.boolean().optional(),
    script,
  }),
  /** A seed of a file, which is run as it is at the time: a wrong expectation is mended there. */
  z.strictObject({
    ...kept,
    kind: z.literal('scenario'),
    /** From the checkout on. */
    file: z.string().min(1),
    /** SHA-256 of the file that failed, in hexadecimal digits. */
    hash: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256'),
  }),
  /** As such seeds were kept before: with the text of the file. */
  z.strictObject({
    ...kept,
    kind: z.literal('text'),
    /** What the text names is looked for beside it. */
    file: z.string().min(1),
    text: z.string().min(1),
    untilMs: z.number().optional(),
    /** Only these of its steps and fault windows. */
    keep: z.strictObject({ steps: z.array(z.number()), faults: z.array(z.string()) }).optional(),
  }),
]);

export type Entry = z.infer<typeof entry>;
export type DrawnEntry = Extract<Entry, { kind: 'drawn' }>;
export type FileEntry = Extract<Entry, { kind: 'scenario' }>;

/** An entry of a scenario that holds its text is of the older form. */
const withKind = (data: { readonly kind?: unknown; readonly text?: unknown }): unknown =>
  data.kind === 'scenario' && data.text !== undefined ? { ...data, kind: 'text' } : data;

/** Throws with what is wrong and where. */
export function parseEntry(text: string, name: string): Entry {
  const parsed = entry.safeParse(withKind(JSON.parse(text)));
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  throw new Error(`${name} is no entry of the bank: ${told.join('; ')}`);
}

/** The script as it was, faults that are off among them. */
export function scriptOf({ script: written }: DrawnEntry): Script {
  const ports = Object.entries(NONE).map(([port, none]) => [port, { ...none, ...written.faults[port] }]);
  return { ...written, faults: Object.fromEntries(ports) as WorldFaults } as Script;
}

/** What is left to write down of a script. */
export function written(whole: Script): DrawnEntry['script'] {
  const ports = Object.entries(ratesOf(whole.faults)).flatMap(([port, rates]) => {
    const happening = Object.entries(rates).filter(([kind, rate]) => rate !== NONE[port]?.[kind]);
    return happening.length > 0 ? [[port, Object.fromEntries(happening)]] : [];
  });
  const { limits, budgets, people, steps, ...rest } = whole;
  const { missing, ...rated } = limits;
  return {
    ...rest,
    faults: Object.fromEntries(ports),
    limits: { ...rated, ...(missing && { missing: [...missing] }) },
    ...(budgets && { budgets: { ...budgets } }),
    ...(people && { people: Object.fromEntries(Object.entries(people).map(([name, roles]) => [name, [...roles]])) }),
    steps: steps.map(({ atMs, who, deed }) => ({ atMs, who, deed: { ...deed } })),
  };
}

const STEPS = '"steps": []';

/** Readable and small: everything on lines of its own but for steps, one a line. Ends with a newline. */
export function entryText(whole: Entry): string {
  if (whole.kind !== 'drawn') return `${JSON.stringify(whole, undefined, 2)}\n`;
  const { steps } = whole.script;
  const rest = JSON.stringify({ ...whole, script: { ...whole.script, steps: [] } }, undefined, 2);
  if (steps.length === 0) return `${rest}\n`;
  const lines = steps.map((one) => `      ${JSON.stringify(one)}`);
  return `${rest.replace(STEPS, () => `"steps": [\n${lines.join(',\n')}\n    ]`)}\n`;
}
