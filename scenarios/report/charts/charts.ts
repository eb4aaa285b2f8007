/** The state charts of a report: for each machine the entities that the records tell of, and the way each has taken. */

import { type Markup, markup } from '../../../drawing/markup.ts';
import { approvalMachine } from '../../../machines/approval.machine.ts';
import { orderMachine } from '../../../machines/order.machine.ts';
import { traderMachine } from '../../../machines/trader.machine.ts';
import type { RecordedFact } from '../../recording.ts';
import type { Journey } from '../journeys.ts';
import { drawChart } from './draw.ts';
import { type Path, pathThrough } from './path.ts';
import { type ChartShape, shapeOf } from './shape.ts';

/** The policy decides guards, never the shape. */
const ANY_POLICY = { thresholdUsd: '0', fourEyes: false, policyVersion: '' };

const APPROVAL_STATES: Readonly<Record<string, string>> = {
  'approval.requested': 'pending',
  'approval.repriced': 'pending',
  'approval.decided': 'decided',
};
const TRADER_STATES: Readonly<Record<string, string>> = {
  'trader.created': 'active',
  'trader.winding-down': 'windingDown.checkingOrders',
  'trader.reactivated': 'active',
  'trader.terminated': 'terminated',
};

export const orderShape = (): ChartShape => shapeOf(orderMachine);
export const orderPath = (shape: ChartShape, { states }: Journey): Path => pathThrough(shape, states);

export function stateCharts(records: readonly RecordedFact[], journeys: readonly Journey[]): Markup {
  const order = orderShape();
  const approval = shapeOf(approvalMachine(ANY_POLICY));
  const trader = shapeOf(traderMachine);
  const ways = (shape: ChartShape, states: Readonly<Record<string, string>>, key: string) =>
    told(records, states, key).map((all) => pathThrough(shape, [shape.initial, ...all]));
  return markup`${drawChart(
    'order',
    order,
    journeys.map((journey) => orderPath(order, journey)),
  )}
${drawChart('approval', approval, ways(approval, APPROVAL_STATES, 'requestId'))}
${drawChart('trader', trader, ways(trader, TRADER_STATES, 'traderId'))}`;
}

/** The states that each entity's records name, an entity by the value of `key`. */
function told(records: readonly RecordedFact[], states: Readonly<Record<string, string>>, key: string): string[][] {
  const entities = new Map<string, string[]>();
  for (const { type, payload } of records) {
    const state = states[type];
    if (state === undefined) continue;
    const id = String((JSON.parse(payload) as Readonly<Record<string, unknown>>)[key]);
    const all = entities.get(id);
    if (all) all.push(state);
    else entities.set(id, [state]);
  }
  return [...entities.values()];
}
