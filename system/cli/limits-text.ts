/** Limits as paths and values, the way a person reads and changes one of them; a change is shown as what was and what is. */
import { type TradingLimits, tradingLimits } from '../../messages/limits.ts';
import { badUsage } from './outcome.ts';

type Leaf = string | number;
type Tree = { [key: string]: Leaf | Tree };

/** `instruments.class:equity.collarRatio` → value, in the set's own order. */
export function leavesOf(limits: TradingLimits | null): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const walk = (tree: Tree, prefix: string): void => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === 'object') walk(value, `${prefix}${key}.`);
      else leaves.set(`${prefix}${key}`, value);
    }
  };
  walk((limits ?? {}) as Tree, '');
  return leaves;
}

/** The set with one value replaced. A path that is not there is an error: what is new comes as a file. */
export function withLeaf(limits: TradingLimits | null, path: string, text: string): TradingLimits {
  const present = leavesOf(limits).get(path);
  if (present === undefined) {
    const last = path.slice(path.lastIndexOf('.') + 1);
    const similar = [...leavesOf(limits).keys()].filter((one) => one.endsWith(`.${last}`)).slice(0, 5);
    const hint = similar.length > 0 ? `; there are ${similar.join(', ')}` : '; `limits show` lists all';
    throw badUsage(`there is no limit ${path}${hint}`);
  }
  const value = typeof present === 'number' ? Number(text) : text;
  if (Number.isNaN(value)) throw badUsage(`${path} is a number, ${JSON.stringify(text)} is none`);
  const copy = structuredClone(limits) as unknown as Tree;
  put(copy, path, value);
  return parseLimits(copy);
}

/** Keys may contain dots themselves, so that the path is matched key by key. */
function put(tree: Tree, path: string, value: Leaf): void {
  for (const [key, inner] of Object.entries(tree)) {
    if (key === path) tree[key] = value;
    else if (typeof inner === 'object' && path.startsWith(`${key}.`)) put(inner, path.slice(key.length + 1), value);
  }
}

export function parseLimits(value: unknown): TradingLimits {
  const parsed = tradingLimits.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the set'}: ${message}`);
  throw badUsage(`these are no limits:\n${problems.join('\n')}`);
}

/** A file holds the set alone, or what `limits show --json` prints: then it also says which version it was made from. */
export function parseLimitsFile(name: string, text: string): { limits: TradingLimits; version: number | undefined } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badUsage(`${name} is no JSON`);
  }
  const { limits, version } = (value ?? {}) as { limits?: unknown; version?: unknown };
  if (limits === undefined) return { limits: parseLimits(value), version: undefined };
  return { limits: parseLimits(limits), version: typeof version === 'number' ? version : undefined };
}

/** One line a value that is different. */
export function changesBetween(before: TradingLimits | null, after: TradingLimits): readonly string[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const paths = new Set([...was.keys(), ...is.keys()]);
  return [...paths]
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => `${path}: ${was.get(path) ?? 'none'} -> ${is.get(path) ?? 'none'}`);
}
