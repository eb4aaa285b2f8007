/** The actors of the house as operators see them, and what a person may do about one that stayed down. */
import { z } from '@hono/zod-openapi';
import type { ApiCall } from '../kit/call.ts';
import { notFound, Problem } from '../kit/problem.ts';
import { type Route, route } from '../kit/route.ts';
import { common, OPERATORS } from './surface.ts';

const count = z.number().int();
const agentsSchema = z
  .object({
    agents: z.array(
      z.object({
        address: z.string(),
        status: z.string(),
        mailbox: count.openapi({ description: 'Messages that wait' }),
        facts: count.openapi({ description: 'Facts that wait to be read' }),
        entities: count,
        turns: count,
        restarts: count,
      }),
    ),
    deadLetters: z
      .record(z.string(), count)
      .openapi({ description: 'Messages that nobody took, by type and reason, since the start' }),
  })
  .openapi('HouseAgents');

const addressSchema = z.object({ address: z.string().max(200) });
const revisitedSchema = z
  .object({ address: z.string(), decision: z.enum(['retry', 'skip']), by: z.string() })
  .openapi('RevisitedAgent');

function revisit({ house, params, caller }: ApiCall<z.infer<typeof addressSchema>>, decision: 'retry' | 'skip') {
  const { address } = params;
  const agent = house.agents().find((one) => one.address === address);
  if (!agent) throw notFound('Agent', address);
  if (!house.revisit(address, decision, caller.sub))
    throw new Problem('conflict', `Agent ${address} is ${agent.status}: only one that stayed down can ${decision}`);
  return { address, decision, by: caller.sub };
}

const revisitRoute = (decision: 'retry' | 'skip', summary: string): Route =>
  route({
    ...common,
    method: 'POST',
    path: `/api/v1/house/agents/:address/${decision}`,
    policy: OPERATORS,
    summary,
    params: addressSchema,
    responses: { 200: revisitedSchema },
    refusals: [404, 409],
  })((call) => ({ status: 200, body: revisit(call, decision) }));

export const houseAgentRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/agents',
    policy: OPERATORS,
    summary: 'The actors of the house: status, what waits, restarts, dead letters',
    responses: { 200: agentsSchema },
  })(({ house }) => ({
    status: 200,
    body: {
      agents: house.agents().map((agent) => ({ ...agent })),
      deadLetters: Object.fromEntries([...house.deadLetters()].sort()),
    },
  })),
  revisitRoute('retry', 'Lets an agent that stayed down try its fact again'),
  revisitRoute('skip', 'Lets an agent that stayed down go on behind its fact'),
];
