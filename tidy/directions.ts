/** Who may import whom: the house's rooms and the doors between them. A room that isn't listed here may not import ours at all. */
import { isTest, type Rule, roomOf } from './source.ts';

/** `types`: type imports only. A longer path is stricter than its room: `db/queries` opens one door of `db`. */
interface Doors {
  readonly values: readonly string[];
  readonly types?: readonly string[];
}

const DOORS: Readonly<Record<string, Doors>> = {
  domain: { values: [] },
  runtime: { values: [] },
  drawing: { values: [] },
  messages: { values: ['domain', 'runtime/lifecycle.ts'], types: ['runtime'] },
  controls: { values: ['domain', 'messages'] },
  projections: { values: ['domain', 'messages'], types: ['runtime'] },
  market: { values: ['domain'], types: ['messages', 'runtime'] },
  // Nothing that holds a series, not even its type: a strategy sees one tick or bar, and can't look ahead.
  strategies: { values: ['domain'], types: ['messages'] },
  runs: { values: ['domain', 'market', 'strategies', 'drawing'], types: ['runtime'] },
  machines: { values: ['domain', 'messages', 'controls'], types: ['runtime'] },
  agents: {
    values: ['domain', 'messages', 'controls', 'projections', 'machines', 'market', 'strategies', 'runs', 'runtime'],
  },
  adapters: { values: ['domain', 'messages', 'market'], types: ['agents', 'runtime'] },
  // Values of the ports that it implements: the errors that an implementation throws, and the hash chain that it checks.
  db: {
    values: ['domain', 'messages', 'projections', 'runtime/store.ts', 'runtime/chain.ts', 'runtime/jobs/rows.ts'],
    types: ['runtime', 'agents', 'market'],
  },
  api: {
    // Spellings and figures of a contract's own that others use as well.
    values: [
      ...['domain', 'messages', 'projections', 'db/queries'],
      ...[
        'market/importers/zones.ts',
        'strategies/max-keys.ts',
        'strategies/all.ts',
        'runs/summary.ts',
        'runtime/answer-error.ts',
      ],
    ],
    types: ['runtime', 'market'],
  },
  system: {
    values: [
      ...['domain', 'messages', 'controls', 'projections', 'market', 'strategies', 'runs', 'machines', 'agents'],
      ...['adapters', 'db', 'api', 'runtime', 'drawing'],
    ],
  },
  scenarios: {
    // Of the doors only what they answer and tell, of the strategies their names: what a scenario names is held against it.
    values: [
      ...['domain', 'messages', 'projections', 'machines', 'runtime', 'market', 'system', 'db', 'adapters', 'runs'],
      ...['drawing', 'api/routes.ts', 'api/kit/client-session.ts', 'strategies/all.ts'],
      // Builds with planted bugs are built like any other.
      'scripts/lib/spreads.mjs',
    ],
  },
  bench: {
    values: [
      'domain',
      'messages',
      'machines',
      'runtime',
      'market',
      'strategies',
      'runs',
      'system',
      'db',
      'adapters',
      'scenarios',
    ],
  },
  '': { values: ['system', 'runtime', 'scripts/lib/spreads.mjs'], types: ['domain', 'messages'] },
};

/** Rooms whose folders are strangers to each other: an agent never imports another, a contract no sibling. */
const SEPARATE = ['agents', 'adapters', 'api'];
/** Folders of those rooms that all their siblings share. */
const SHARED = new Set(['api/kit', 'adapters/kit']);

const opens = (door: string, target: string): boolean => target === door || target.startsWith(`${door}/`);
const folderOf = (path: string): string => path.split('/').slice(0, 2).join('/');

function isStranger(from: string, target: string): boolean {
  if (!SEPARATE.includes(roomOf(target)) || target.split('/').length < 3) return false;
  const [here, there] = [folderOf(from), folderOf(target)];
  return from.split('/').length > 2 && here !== there && !SHARED.has(there);
}

function isAllowed(from: string, target: string, typeOnly: boolean): boolean {
  const room = roomOf(from);
  if (room === roomOf(target)) return !isStranger(from, target);
  const doors = DOORS[room];
  if (!doors) return false;
  return [...doors.values, ...(typeOnly ? (doors.types ?? []) : [])].some((door) => opens(door, target));
}

export const wrongDirections: Rule = (sources) =>
  sources
    .filter((source) => !isTest(source.path) && roomOf(source.path) !== 'tidy')
    .flatMap((source) =>
      source.imports
        .filter(({ target, typeOnly }) => target !== undefined && !isAllowed(source.path, target, typeOnly))
        .map(({ target, typeOnly }) => `${source.path} imports ${target}${typeOnly ? ' (types)' : ''}`),
    );

/** Relative imports name a file with its extension: nothing is resolved by guessing. */
export const guessedImports: Rule = (sources) =>
  sources.flatMap((source) =>
    source.imports
      .filter(({ target }) => target !== undefined && !/\.(ts|mjs|json)$/.test(target))
      .map(({ specifier }) => `${source.path} imports ${specifier}, which has no .ts extension`),
  );
