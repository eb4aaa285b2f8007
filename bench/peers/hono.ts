/** Bare Hono in the reads figures: one route that answers with the same JSON, without identity, validation, limits or data. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Side } from '../measure.ts';
import { runLoad } from '../product.ts';
import { CALLER } from '../traders.ts';
import { READ_CONNECTIONS, READ_SECONDS } from '../workloads.ts';

async function reads(): Promise<number> {
  const body: object = JSON.parse(process.env.BENCH_BODY ?? '{}');
  const app = new Hono().get('/', (context) => context.json(body));
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const result = await runLoad({
    url: `http://127.0.0.1:${port}`,
    token: CALLER.token,
    requests: [{ method: 'GET', path: '/' }],
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
