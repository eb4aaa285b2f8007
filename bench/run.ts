/**
 * `npm run bench -- [--json] [--write] [figure …]`: measures ours beside the references and prints one line a pair; `--write` puts them into
 * bench/README.md. Ends with 1 when a target was missed or ours failed; a reference that is not on this machine is `not measured`, which is neither good nor bad.
 */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { BOUND, FIGURES, type Figure, type Stage } from './figures.ts';
import { startOptions } from './node-options.ts';
import { surroundings, write } from './page.ts';
import { compare, type Line, type Sampler, sampleRounds } from './rounds.ts';

const SIDE = join(dirname(fileURLToPath(import.meta.url)), 'side.js');
const execute = promisify(execFile);
const OURS = 'ours';

const measured =
  (side: string, figure: Figure, stage: Stage): Sampler =>
  async () => {
    const args = [...(side === OURS ? startOptions() : []), '--expose-gc', SIDE, side, figure.name];
    const running = execute(process.execPath, args, { env: { ...process.env, ...stage.env } });
    const { stdout } = await running.catch((error: Error & { readonly stderr?: string }) => {
      // What it died of, without its stack and this machine's paths.
      throw new Error(/^\w*Error: (.+)$/m.exec(error.stderr ?? '')?.[1] ?? error.message, { cause: error });
    });
    const { value } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { readonly value: number | null };
    return value ?? undefined;
  };

function samplersOf(figure: Figure, stage: Stage): ReadonlyMap<string, Sampler> {
  const { bound, peers } = figure;
  return new Map<string, Sampler>([
    [OURS, measured(OURS, figure, stage)],
    ...(bound === undefined ? [] : [[BOUND, async () => bound] as const]),
    ...peers.map((peer) => [peer, measured(peer, figure, stage)] as const),
    ...Object.entries(stage.references ?? {}).map(([name, measure]) => [name, async () => measure()] as const),
  ]);
}

async function linesOf(figure: Figure): Promise<Line[]> {
  const stage = figure.open ? await figure.open().catch((error: Error) => error) : {};
  if (stage === undefined || stage instanceof Error) {
    const missing = { missing: stage?.message ?? 'what it needs is not on this machine' };
    return Object.keys(figure.targets).map((name) => compare(figure, missing, name, missing));
  }
  try {
    const samples = await sampleRounds(figure.rounds, samplersOf(figure, stage));
    const references = [...samples].filter(([name]) => name !== OURS);
    return references.map(([name, reference]) => compare(figure, samples.get(OURS)!, name, reference));
  } finally {
    await stage.close?.();
  }
}

function show({ figure, unit, ours, reference, referenceName, ratio, target, ok, note }: Line): string {
  const verdict = ok === undefined ? '' : ok ? ', reached' : ', MISSED';
  const compared = ratio === undefined ? '' : `, ratio ${ratio}`;
  const asked = target === undefined ? '' : `, target ${target}`;
  return `${figure}: ours ${ours}, ${referenceName} ${reference} ${unit}${compared}${asked}${verdict}${note ? ` (${note})` : ''}`;
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !FIGURES.some((figure) => figure.name === name));
if (unknown.length > 0) {
  console.error(`no figure ${unknown.join(', ')}; there are ${FIGURES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
let missed = false;
for (const figure of FIGURES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const around = surroundings();
  const lines = await linesOf(figure);
  for (const line of lines) {
    console.log(values.json ? JSON.stringify(line) : show(line));
    missed ||= line.ok === false;
  }
  if (values.write)
    write(
      lines,
      around,
      FIGURES.map(({ name }) => name),
    );
}
process.exitCode = missed ? 1 : 0;
