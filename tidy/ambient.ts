/**
 * Ambient clocks, randomness, timers and network: only the kernel's ports and the adapters may touch them, so that a simulated run
 * is the same world with other ports. Machines, moreover, never start or address anything by themselves.
 */
import type { Node } from 'oxc-parser';
import { isTest, lineAt, type Rule, roomOf, type Source } from './source.ts';
import { walk } from './walk.ts';

const ROOMS_WITH_PORTS = new Set(['runtime', 'adapters', 'bench', 'tidy']);
/** Named one by one: processes of their own, outside any simulated world. */
const FILES_WITH_PORTS = ['main.ts', 'system/cli.ts', 'system/worker.ts', 'scenarios/crash.ts'];
/** Takes the real ones away during a simulated run, and must name them for that. */
const GUARD = 'scenarios/ambient.ts';
/** Runs real processes from outside. */
const FOLDERS_WITH_PORTS = ['scenarios/crash/'];

const MEMBERS = new Set(['Date.now', 'Math.random', 'performance.now', 'process.hrtime', 'crypto.getRandomValues']);
const CALLS = new Set(['Date', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'randomUUID', 'randomBytes']);
const MODULES = new Set(['node:timers', 'node:timers/promises']);
const XSTATE_EFFECTS = new Set(['spawn', 'spawnChild', 'sendTo', 'sendParent', 'log', 'stopChild', 'fromPromise']);

const nameOf = (node: Node): string | undefined => (node.type === 'Identifier' ? node.name : undefined);
const memberOf = (node: Node): string | undefined =>
  node.type === 'MemberExpression' && !node.computed ? `${nameOf(node.object)}.${nameOf(node.property)}` : undefined;

/** `undefined` when a node reads nothing ambient, else how it is called in the source. */
function ambientName(node: Node): string | undefined {
  const member = memberOf(node);
  if (member && MEMBERS.has(member)) return member;
  if (node.type === 'NewExpression' && nameOf(node.callee) === 'Date' && node.arguments.length === 0)
    return 'new Date()';
  if (node.type === 'ImportDeclaration' && MODULES.has(node.source.value)) return node.source.value;
  if (node.type !== 'CallExpression') return undefined;
  const called = nameOf(node.callee) ?? memberOf(node.callee)?.replace(/^(globalThis|crypto)\./, '');
  return called && CALLS.has(called) ? `${called}()` : undefined;
}

const mayTouchPorts = ({ path }: Source): boolean =>
  isTest(path) ||
  path === GUARD ||
  path.endsWith('.worker.ts') ||
  ROOMS_WITH_PORTS.has(roomOf(path)) ||
  FILES_WITH_PORTS.includes(path) ||
  FOLDERS_WITH_PORTS.some((folder) => path.startsWith(folder));

function offenders(source: Source, name: (node: Node) => string | undefined): string[] {
  const found: string[] = [];
  walk(source.program, (node) => {
    const what = name(node);
    if (what) found.push(`${source.path}:${lineAt(source, node.start)} uses ${what}`);
  });
  return found;
}

export const ambientSources: Rule = (sources) =>
  sources.filter((source) => !mayTouchPorts(source)).flatMap((source) => offenders(source, ambientName));

function machineEffect(node: Node): string | undefined {
  if (node.type === 'Property' && nameOf(node.key) === 'invoke') return 'invoke';
  if (node.type === 'ImportSpecifier' && XSTATE_EFFECTS.has(nameOf(node.imported) ?? '')) return nameOf(node.imported);
  return undefined;
}

export const machineEffects: Rule = (sources) =>
  sources
    .filter(({ path }) => path.endsWith('.machine.ts') || (roomOf(path) === 'machines' && !isTest(path)))
    .flatMap((source) => offenders(source, machineEffect));
