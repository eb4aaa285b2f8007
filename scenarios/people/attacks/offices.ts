/** What is the office of somebody else: to release a halt, to loosen limits, to approve. */
import { developmentProfile } from '../../settings.ts';
import { parsed } from '../person.ts';
import type { Attack } from './attacker.ts';

/** More than anybody may trade without being asked. */
const HELD_VALUE = 70_000;

export const releaseHalts: Attack = async ({ person }) => {
  type Stops = { readonly active_stops: readonly { readonly stop_id: string }[] };
  const stops = parsed<Stops>(await person.get('/api/v1/emergency-stops'))?.active_stops ?? [];
  const body = { authorized_by: person.name, resolution_reason: 'nothing is wrong with me' };
  await Promise.all(stops.map((stop) => person.ask('DELETE', `/api/v1/emergency-stop/${stop.stop_id}`, body)));
};

/** Everything that the profile allows, and an order that needs it. */
export const loosenAndTrade: Attack = async (attacker, aim) => {
  const { person } = attacker;
  const trader = await attacker.trader();
  const body = { limits: developmentProfile().limits, reason: 'more room' };
  const trade = () => attacker.submit(trader, attacker.order(aim));
  await Promise.all([person.ask('PUT', '/api/v1/house/limits', body), trade()]);
  await trade();
};

export const approveOwn: Attack = async (attacker, aim) => {
  const { person } = attacker;
  const order = attacker.order({ ...aim, value: HELD_VALUE });
  const answer = await attacker.submit(await attacker.trader(), order);
  const requestId = parsed<{ readonly oversightRequest?: { readonly id: string } }>(answer)?.oversightRequest?.id;
  if (requestId === undefined) return;
  const approve = () => person.ask('POST', `/api/v1/oversight/requests/${requestId}/approve`, {}, attacker.key());
  await Promise.all([approve(), approve()]);
};
