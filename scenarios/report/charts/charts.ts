/** The state charts of a report: for each machine the entities that the records tell of, and the way each has taken. */

import { type Markup, markup } from '../../../drawing/markup.ts';
import { approvalMachine } from '../../../machines/approval.machine.ts';
import { orderMachine } from '../../../machines/order.machine.ts';
import { runMachine } from '../../../machines/run.machine.ts';
import { traderMachine } from '../../../machines/trader.machine.ts';
import type { RecordedFact } from '../../recording.ts';
import type { Journey } from '../journeys.ts';
import { drawChart } from './draw.ts';
import { type Path, pathThrough } from './path.ts';
import { type ChartShape, shapeOf } from './shape.ts';

/** Of a record's message; a run's beginning names its task inside. */
type Fields = { readonly type: string; readonly status?: string; readonly task?: Readonly<Record<string, unknown>> } & {
  readonly [field: string]: unknown;
};
type StateOf = (fields: Fields) => string | undefined;
const CHARTED = /^(approval|trader|task|run)\./;

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

const RUN_STATES: Readonly<Record<string, string>> = { 'task.created': 'resting', 'run.created': 'open.created' };
/** Of a run that has ended its task rests. */
const RUN_OPEN: Readonly<Record<string, string>> = { running: 'open.running', paused: 'open.paused' };

export const orderShape = (): ChartShape => shapeOf(orderMachine);
export const orderPath = (shape: ChartShape, { states }: Journey): Path => pathThrough(shape, states);

export function stateCharts(records: readonly RecordedFact[], journeys: readonly Journey[]): Markup {
  const order = orderShape();
  const approval = shapeOf(approvalMachine(ANY_POLICY));
  const trader = shapeOf(traderMachine);
  const run = shapeOf(runMachine);
  const ways = (shape: ChartShape, stateOf: StateOf, key: string) =>
    told(records, stateOf, key).map((all) => pathThrough(shape, [shape.initial, ...all]));
  return markup`${drawChart(
    'order',
    order,
    journeys.map((journey) => orderPath(order, journey)),
  )}
${drawChart(
  'approval',
  approval,
  ways(approval, ({ type }) => APPROVAL_STATES[type], 'requestId'),
)}
${drawChart(
  'trader',
  trader,
  ways(trader, ({ type }) => TRADER_STATES[type], 'traderId'),
)}
${drawChart('run', run, ways(run, runState, 'taskId'))}`;
}

function runState({ type, status = '' }: Fields): string | undefined {
  return type === 'run.changed' ? (RUN_OPEN[status] ?? 'resting') : RUN_STATES[type];
}

/** The states that each entity's records name, an entity by the value of `key`. */
function told(records: readonly RecordedFact[], stateOf: StateOf, key: string): string[][] {
  const entities = new Map<string, string[]>();
  for (const { type, payload } of records) {
    if (!CHARTED.test(type)) continue;
    const fields = JSON.parse(payload) as Fields;
    const state = stateOf(fields);
    if (state === undefined) continue;
    const id = String(fields[key] ?? fields.task?.[key]);
    const all = entities.get(id);
    if (all) all.push(state);
    else entities.set(id, [state]);
  }
  return [...entities.values()];
}
