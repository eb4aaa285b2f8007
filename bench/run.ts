/**
 * `npm run bench -- [--json] [figure …]`: measures ours beside the references and prints one line a pair. Ends with 1 when a target
 * was missed; a side that does not exist is `not measured`, which is neither good nor bad.
 */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { FIGURES, type Figure, type Stage } from './figures.ts';
import { compare, type Line, type Sampler, sampleRounds } from './rounds.ts';

const SIDE = join(dirname(fileURLToPath(import.meta.url)), 'side.js');
const execute = promisify(execFile);

const measured =
  (side: string, figure: Figure, stage: Stage): Sampler =>
  async () => {
    const args = ['--expose-gc', SIDE, side, figure.name];
    const { stdout } = await execute(process.execPath, args, { env: { ...process.env, ...stage.env } });
    const { value } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { readonly value: number | null };
    return value ?? undefined;
  };

async function linesOf(figure: Figure): Promise<Line[]> {
  const stage = figure.open ? await figure.open().catch((error: Error) => error) : {};
  if (stage === undefined || stage instanceof Error) {
    const missing = { missing: stage?.message ?? 'what it needs is not on this machine' };
    return [compare(figure, missing, 'none', missing)];
  }
  try {
    const samplers = new Map<string, Sampler>([['ours', measured('ours', figure, stage)]]);
    for (const peer of figure.peers) samplers.set(peer, measured(peer, figure, stage));
    for (const [name, measure] of Object.entries(stage.references ?? {})) samplers.set(name, async () => measure());
    const samples = await sampleRounds(figure.rounds, samplers);
    const references = [...samples.keys()].filter((name) => name !== 'ours');
    if (references.length === 0) return [compare(figure, samples.get('ours')!, 'none', [])];
    return references.map((name) => compare(figure, samples.get('ours')!, name, samples.get(name)!));
  } finally {
    await stage.close?.();
  }
}

function show(line: Line): string {
  const verdict = line.ok === undefined ? '' : line.ok ? ', reached' : ', MISSED';
  const ratio = line.ratio === undefined ? '' : `, ratio ${line.ratio}`;
  const reference = line.referenceName === 'none' ? '' : `, ${line.referenceName} ${line.reference}`;
  return `${line.figure}: ours ${line.ours}${reference} ${line.unit}${ratio}; target ${line.target}${verdict}${line.note ? ` (${line.note})` : ''}`;
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !FIGURES.some((figure) => figure.name === name));
if (unknown.length > 0) {
  console.error(`no figure ${unknown.join(', ')}; there are ${FIGURES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
let missed = false;
for (const figure of FIGURES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  for (const line of await linesOf(figure)) {
    console.log(values.json ? JSON.stringify(line) : show(line));
    missed ||= line.ok === false;
  }
}
process.exitCode = missed ? 1 : 0;
