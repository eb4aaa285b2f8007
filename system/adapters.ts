/** Every adapter of this build, each once. An unknown name is refused with the list of those that are known. */
import { replayFeed, simulatedFeed } from '../adapters/feed/adapter.ts';
import { paper } from '../adapters/paper/adapter.ts';
import { paperRemote } from '../adapters/paper/remote/adapter.ts';
import { tradovate } from '../adapters/tradovate/adapter.ts';

export const VENUES = [paper, paperRemote, tradovate] as const;
export const MARKETS = [simulatedFeed, replayFeed] as const;
const ADAPTERS = [...VENUES, ...MARKETS] as const;

type SettingsOf<Listed extends readonly unknown[]> = Listed extends readonly [infer First, ...infer Rest]
  ? (First extends { readonly settings: infer Shape } ? Shape : never) & SettingsOf<Rest>
  : unknown;

/** The settings of all of them, for the environment's schema. */
export const ADAPTER_SETTINGS = Object.assign({}, ...ADAPTERS.map(({ settings }) => settings)) as SettingsOf<
  typeof ADAPTERS
>;

/** Throws an error that names the setting and every adapter of its port. */
export function adapterNamed<A extends { readonly name: string }>(all: readonly A[], setting: string, name: string): A {
  const found = all.find((adapter) => adapter.name === name);
  if (found) return found;
  const known = all.map((adapter) => adapter.name).join(', ');
  throw new Error(`${setting}=${name} names no adapter of this build; known: ${known}`);
}
