/** Paths lead where Hono's trie leads them, the first time and later. */
import { TrieRouter } from 'hono/router/trie-router';
import { expect, test } from 'vitest';
import { KEPT_MAX, KeepingRouter } from './router.ts';

const ROUTES = [
  ['GET', '/bots/:id', 'one bot'],
  ['POST', '/bots/max', 'start'],
  ['ALL', '/bots/list', 'anything'],
  ['GET', '/bots/list', 'list'],
] as const;

function routed<R extends TrieRouter<string> | KeepingRouter<string>>(router: R): R {
  for (const [method, path, handler] of ROUTES) router.add(method, path, handler);
  return router;
}

test('finds what the trie finds, each time', () => {
  const keeping = routed(new KeepingRouter<string>());
  const trie = routed(new TrieRouter<string>());
  for (const path of ['/bots/max', '/bots/list', '/bots/7', '/bots/8', '/nothing', `/bots/${'9'.repeat(200)}`]) {
    for (const method of ['GET', 'POST', 'BREW', 'GET', 'POST', 'BREW']) {
      expect(keeping.match(method, path), `${method} ${path}`).toEqual(trie.match(method, path));
    }
  }
});

test('sees a route that is added after its path was asked for', () => {
  const router = routed(new KeepingRouter<string>());
  router.match('GET', '/bots/list');
  router.add('GET', '/bots/:name', 'by name');
  expect(router.match('GET', '/bots/list')[0].map(([handler]) => handler)).toContain('by name');
});

test('goes on when more paths were asked for than it keeps', () => {
  const router = routed(new KeepingRouter<string>());
  for (let id = 0; id <= KEPT_MAX; id += 1) router.match('GET', `/bots/${id}`);
  for (const id of [0, 1, KEPT_MAX]) {
    expect(router.match('GET', `/bots/${id}`)).toEqual([[['one bot', { id: String(id) }]]]);
  }
});
