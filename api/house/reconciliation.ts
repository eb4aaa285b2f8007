/** Our books against the venue's, for operators: the state of the last look, and a look now. */
import { z } from '@hono/zod-openapi';
import {
  ReconciliationAnswered,
  type ReconciliationGet,
  type ReconciliationRun,
} from '../../messages/reconciliation.ts';
import { isoOrNull } from '../kit/instant.ts';
import { type Route, route } from '../kit/route.ts';
import { common, OPERATORS } from './surface.ts';

const { cycle, venue, underWay, outcome, reason, unansweredInARow, compared, suspected, external, findings, cash } =
  ReconciliationAnswered.schema.shape;

const stateSchema = z
  .object({
    ...{ cycle, venue, underWay, outcome, reason, unansweredInARow, compared, suspected, external, findings, cash },
    asked_at: z.iso.datetime().nullable(),
    compared_at: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'Market time of the last look that gave a result' }),
  })
  .openapi('Reconciliation');

function bodyOf({ type, at, askedAt, comparedAt, ...state }: ReconciliationAnswered): z.infer<typeof stateSchema> {
  return { ...state, asked_at: isoOrNull(askedAt), compared_at: isoOrNull(comparedAt) };
}

const path = '/api/v1/house/reconciliation';

export const reconciliationRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'GET',
    path,
    policy: OPERATORS,
    summary: "How our books stand against the venue's",
    responses: { 200: stateSchema },
  })(async (call) => {
    const question: ReconciliationGet = { type: 'reconciliation.get' };
    return { status: 200, body: bodyOf(await call.ask<ReconciliationAnswered>(question)) };
  }),
  route({
    ...common,
    method: 'POST',
    path,
    policy: OPERATORS,
    summary: 'Looks now; a difference is believed when it is seen twice',
    responses: { 202: stateSchema },
  })(async (call) => {
    const command: ReconciliationRun = { type: 'reconciliation.run', why: 'asked', by: call.caller.sub };
    return { status: 202, body: bodyOf(await call.ask<ReconciliationAnswered>(command)) };
  }),
];
