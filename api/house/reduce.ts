/** Lets only reduction pass, by hand: what reconciliation does to an account that differs. Released like any emergency stop. */
import { z } from '@hono/zod-openapi';
import { SCOPES } from '../../messages/common.ts';
import type { TradingHalt, TradingHaltAnswered } from '../../messages/halt.ts';
import { haltLine, targetOf } from '../kit/halt-target.ts';
import { type Route, route, UNLIMITED } from '../kit/route.ts';
import { common, OPERATORS } from './surface.ts';

const requestSchema = z
  .strictObject({ scope: z.enum(SCOPES), target_id: haltLine.optional(), reason: haltLine })
  .openapi('ReduceOnly');
const startedSchema = z
  .object({
    stop_id: z.uuid(),
    scope: z.enum(SCOPES),
    target_id: z.string().optional(),
    handed_over: z.array(z.string()).openapi({ description: 'Orders that a venue has or may have' }),
  })
  .openapi('ReduceOnlyStarted');

export const reduceRoutes: readonly Route[] = [
  route({
    ...common,
    rateLimit: UNLIMITED,
    method: 'POST',
    path: '/api/v1/house/reduce-only',
    policy: OPERATORS,
    summary: 'From now on only what reduces a position passes; cancels what works beside it',
    body: requestSchema,
    responses: { 201: startedSchema },
    refusals: [404],
  })(async (call) => {
    const { body, caller, house } = call;
    const { scope, reason } = body;
    const targetId = targetOf(call, body);
    const halt: TradingHalt = {
      ...{ type: 'trading.halt', stopId: house.ids.uuid(), scope, mode: 'reduce', reason, by: caller.sub },
      ...(targetId !== undefined && { targetId }),
    };
    const { handedOver, stopId } = await call.ask<TradingHaltAnswered>(halt);
    return {
      status: 201,
      body: {
        stop_id: stopId,
        scope,
        ...(targetId !== undefined && { target_id: targetId }),
        handed_over: handedOver,
      },
    };
  }),
];
