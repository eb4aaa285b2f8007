/**
 * Emergency stops: who may stop and release what. Never limited by rates. Who acts is who the token names; only admins and services
 * may act in another's name, and with four eyes nobody.
 */
import { z } from '@hono/zod-openapi';
import { accountOf, traderOf } from '../../domain/account.ts';
import { SCOPES, type Scope } from '../../messages/common.ts';
import type { TradingHalt, TradingHaltAnswered, TradingResume, TradingResumeAnswered } from '../../messages/halt.ts';
import type { HaltRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { actsForOthers } from '../kit/caller.ts';
import { haltLine, targetOf } from '../kit/halt-target.ts';
import type { House } from '../kit/house.ts';
import { keyConflict } from '../kit/idempotency.ts';
import { iso } from '../kit/instant.ts';
import { notFound, Problem } from '../kit/problem.ts';
import { perCaller, READERS, type Route, roles, route, TRADERS, UNLIMITED } from '../kit/route.ts';
import { ownersOfHalt } from './owners.ts';
import { tmtSurface as surface } from './surface.ts';

const stopRequest = z.strictObject({
  reason: haltLine,
  triggered_by: haltLine,
  scope: z.enum(SCOPES),
  target_id: haltLine.optional(),
});
type StopRequest = z.infer<typeof stopRequest>;

const stopResponse = z
  .object({
    success: z.literal(true),
    stop_id: z.uuid(),
    timestamp: z.iso.datetime(),
    affected_components: z.array(z.string()),
    status: z.literal('resolved').optional(),
    resolved_at: z.iso.datetime().optional(),
  })
  .openapi('EmergencyStop');

const activeStops = z
  .object({
    active_stops: z.array(
      z.object({
        stop_id: z.string(),
        reason: z.string(),
        triggered_by: z.string(),
        timestamp: z.iso.datetime(),
        scope: z.string(),
        status: z.enum(['active', 'resolved']),
        target_id: z.string().optional(),
      }),
    ),
  })
  .openapi('EmergencyStops');

const releaseRequest = z.strictObject({ authorized_by: haltLine, resolution_reason: haltLine });
const releaseResponse = z
  .object({ success: z.literal(true), resolved_at: z.iso.datetime() })
  .openapi('EmergencyStopReleased');

const forbidden = (message: string): Problem => new Problem('forbidden', message);

/** The name under which the caller acts. */
function actor({ caller, house }: ApiCall, stated: string): string {
  if (stated === caller.sub || (actsForOthers(caller) && !house.settings.fourEyes)) return stated;
  throw forbidden('Nobody can act in the name of somebody else');
}

function covered(house: House, scope: Scope, targetId: string | undefined): readonly string[] {
  if (targetId === undefined) return house.components();
  const traderId = scope === 'agent' ? targetId : traderOf(targetId);
  return traderId === undefined ? [targetId] : [traderId, accountOf(traderId)];
}

async function stop(call: ApiCall<undefined, undefined, StopRequest>) {
  const { body, house, entity: stopId } = call;
  const by = actor(call, body.triggered_by);
  const targetId = targetOf(call, body);
  const message: TradingHalt = {
    type: 'trading.halt',
    stopId,
    scope: body.scope,
    reason: body.reason,
    by,
    ...(targetId !== undefined && { targetId }),
    ...(call.key !== undefined && { keyed: true }),
  };
  const { handedOver } = await call.ask<TradingHaltAnswered>(message);
  const made = await house.read.halt(stopId);
  if (made && call.key !== undefined && !isSame(made, message)) throw keyConflict();
  const affected = [...covered(house, body.scope, targetId), ...handedOver];
  return { at: made?.createdAt ?? house.clock.marketNow(), affected, resolvedAt: made?.resolvedAt ?? undefined };
}

/** A repeated key is held against the stop that it has made, after that one's receipt: nothing may hold a stop up. */
const isSame = (made: HaltRow, { scope, targetId, reason, by }: TradingHalt): boolean =>
  made.scope === scope && made.targetId === (targetId ?? null) && made.reason === reason && made.triggeredBy === by;

async function release(call: ApiCall<{ stopId: string }, undefined, z.infer<typeof releaseRequest>>) {
  const { body, caller, house, params } = call;
  actor(call, body.authorized_by);
  const message: TradingResume = {
    type: 'trading.resume',
    stopId: params.stopId,
    by: caller.sub,
    reason: body.resolution_reason,
  };
  const { outcome, resolvedAt } = await call.ask<TradingResumeAnswered>(message);
  switch (outcome) {
    case 'not-found':
      throw notFound('Emergency stop', params.stopId);
    case 'already-resolved':
      if (resolvedAt !== undefined && (await isOwnRelease(call, message))) return resolvedAt;
      throw new Problem('conflict', 'This emergency stop is already resolved', {
        ...(resolvedAt !== undefined && { details: { resolved_at: iso(resolvedAt) } }),
      });
    case 'four-eyes':
      throw forbidden('Somebody else than who triggered this stop has to release it');
    case 'resumed':
      return resolvedAt ?? house.clock.marketNow();
  }
}

/** An earlier try with this key has released it, and its answer was lost. */
async function isOwnRelease({ house, repeated }: ApiCall, { stopId, by, reason }: TradingResume): Promise<boolean> {
  const row = repeated ? await house.read.halt(stopId) : undefined;
  return row?.resolvedBy === by && row.resolution === reason;
}

export const stopRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/emergency-stop',
    surface,
    policy: TRADERS,
    rateLimit: UNLIMITED,
    tag: 'Emergency stops',
    summary: 'Stop trading of the system, an account or an agent',
    body: stopRequest,
    responses: { 200: stopResponse },
    refusals: [404],
    entity: (_params, { ids }) => ids.uuid(),
    urgent: true,
  })(async (call) => {
    const { at, affected, resolvedAt } = await stop(call);
    const receipt = { success: true, stop_id: call.entity, timestamp: iso(at), affected_components: affected } as const;
    if (resolvedAt === undefined) return { status: 200, body: receipt };
    // Who asks again with its key must not believe that trading stands still: another key stops it anew.
    return { status: 200, body: { ...receipt, status: 'resolved', resolved_at: iso(resolvedAt) } as const };
  }),
  route({
    method: 'GET',
    path: '/api/v1/emergency-stops',
    surface,
    policy: READERS,
    rateLimit: { limits: [perCaller({ name: 'performance-queries', max: 200, windowMs: 60_000 })], mode: 'counted' },
    tag: 'Emergency stops',
    summary: 'The stops that are in force, as far as they concern the caller',
    responses: { 200: activeStops },
  })(async ({ caller, house }) => {
    const rows = await house.read.halts({ status: 'active' });
    const own = rows.filter(({ scope, targetId }) =>
      ownersOfHalt(house.read, { scope, targetId: targetId ?? undefined })(caller),
    );
    const stops = own.map(({ id, reason, triggeredBy, createdAt, scope, status, targetId }) => ({
      stop_id: id,
      reason,
      triggered_by: triggeredBy,
      timestamp: iso(createdAt),
      scope,
      status,
      ...(targetId !== null && { target_id: targetId }),
    }));
    return { status: 200, body: { active_stops: stops } };
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/emergency-stop/:stopId',
    surface,
    policy: roles('supervisor', 'admin'),
    rateLimit: UNLIMITED,
    tag: 'Emergency stops',
    summary: 'Release an emergency stop',
    params: z.object({ stopId: z.string() }),
    body: releaseRequest,
    responses: { 200: releaseResponse },
    refusals: [404, 409],
    // Two releases are told apart by their keys alone.
    entity: (_params, { ids }) => `release-${ids.uuid()}`,
  })(async (call) => ({ status: 200, body: { success: true, resolved_at: iso(await release(call)) } })),
];
