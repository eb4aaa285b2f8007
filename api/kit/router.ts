/**
 * Hono's trie, which keeps what it has found for paths without parameters: they are most of what is read, and always lead to the same handlers.
 * (Hono's faster router takes no `/bots/:id` beside `/bots/max`, and the contracts have such pairs.)
 */
import type { Result, Router } from 'hono/router';
import { TrieRouter } from 'hono/router/trie-router';

const PATTERN = /[:*]/;

export class KeepingRouter<T> implements Router<T> {
  readonly name = 'KeepingRouter';
  private readonly trie = new TrieRouter<T>();
  /** Methods by each path without parameters: as many as there are routes. */
  private readonly kept = new Map<string, Map<string, Result<T>>>();
  private readonly methods = new Set<string>();

  add(method: string, path: string, handler: T): void {
    this.trie.add(method, path, handler);
    this.methods.add(method);
    if (!PATTERN.test(path)) this.kept.set(path, new Map());
    // What was found before may have one more handler now.
    for (const byMethod of this.kept.values()) byMethod.clear();
  }

  match(method: string, path: string): Result<T> {
    const byMethod = this.kept.get(path);
    const known = byMethod?.get(method);
    if (known) return known;
    const found = this.trie.match(method, path);
    if (byMethod && this.methods.has(method)) byMethod.set(method, found);
    return found;
  }
}
