/** Bare Hono in the reads figures: a route that answers with the same JSON for each read, without identity, validation, limits or data. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Side } from '../measure.ts';
import { runLoad } from '../product.ts';
import { CALLER } from '../traders.ts';
import { READ_CONNECTIONS, READ_SECONDS } from '../workloads.ts';

async function reads(): Promise<number> {
  const bodies: readonly object[] = JSON.parse(process.env.BENCH_BODIES ?? '[{}]');
  const app = new Hono();
  const paths = bodies.map((_, index) => `/${index}`);
  for (const [index, path] of paths.entries()) app.get(path, (context) => context.json(bodies[index]!));
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const result = await runLoad({
    url: `http://127.0.0.1:${port}`,
    token: CALLER.token,
    requests: paths.map((path) => ({ method: 'GET', path })),
    wanted: { status: 200 },
    connections: READ_CONNECTIONS,
    seconds: READ_SECONDS,
  });
  server.close();
  return result.perSecond;
}

export const hono: Side = {
  'agent-reads': reads,
  'trade-list-reads': reads,
  'orca-reads': reads,
};
