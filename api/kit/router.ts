/**
 * Hono's trie, which keeps what it has found: a path always leads to the same handlers with the same parameters, and most paths are asked for again,
 * a trader's and an account's too. (Hono's faster router takes no `/bots/:id` beside `/bots/max`, and the contracts have such pairs.)
 */
import type { Result, Router } from 'hono/router';
import { TrieRouter } from 'hono/router/trie-router';

/** So many paths of such a length at most, whoever asks for what. */
export const KEPT_MAX = 2_048;
const KEPT_LENGTH_MAX = 128;

export class KeepingRouter<T> implements Router<T> {
  readonly name = 'KeepingRouter';
  private readonly trie = new TrieRouter<T>();
  /** By method, then by path. */
  private readonly kept = new Map<string, Map<string, Result<T>>>();

  add(method: string, path: string, handler: T): void {
    this.trie.add(method, path, handler);
    this.kept.set(method, new Map());
    // What was found before may have one more handler now.
    for (const byPath of this.kept.values()) byPath.clear();
  }

  match(method: string, path: string): Result<T> {
    // A method that no route has is asked for by nobody who means it.
    const byPath = this.kept.get(method);
    const known = byPath?.get(path);
    if (known) return known;
    if (!byPath || path.length > KEPT_LENGTH_MAX) return this.trie.match(method, path);
    // As text of its own: what was cut out of an address would keep the whole of it, its query too.
    const kept = Buffer.from(path).toString();
    const found = this.trie.match(method, kept);
    if (found[0].length === 0) return found;
    if (byPath.size === KEPT_MAX) byPath.clear();
    byPath.set(kept, found);
    return found;
  }
}
