/**
 * An emergency stop in the worst moments: between an order's intent and its sending, with the database away, around its own commit.
 * Nothing leaves after its receipt, and it is in force after every death.
 */
import { type Answer, type Call, insist } from './caller.ts';
import { openTrader } from './load.ts';
import type { Stage } from './stage.ts';
import { codeOf, type Episode, insistAll, life, sell, surviving } from './survive.ts';
import { submitsSince, venueLines } from './venue-log.ts';

const HIT_MAX_MS = 10_000;
/** The failpoint keeps the database away longer than that. */
const RECEIPT_MIN_MS = 2_000;

const stopCall = (key: string): Call => ({
  method: 'POST',
  path: '/api/v1/emergency-stop',
  body: { reason: `crash run: ${key}`, triggered_by: 'user-123', scope: 'system' },
  key,
});

async function activeStops(stage: Stage): Promise<readonly string[]> {
  const { body } = await insist(stage, { method: 'GET', path: '/api/v1/emergency-stops' });
  return (body.active_stops as { stop_id: string }[]).map(({ stop_id }) => stop_id);
}

async function release(stage: Stage, stopId: string): Promise<void> {
  const body = { authorized_by: 'user-123', resolution_reason: 'crash run' };
  await insist(stage, { method: 'DELETE', path: `/api/v1/emergency-stop/${stopId}`, body });
}

/** In force now and after a kill; the stop is released at the end. */
async function holdsOver(stage: Stage, name: string, stop: Answer): Promise<readonly string[]> {
  const problems: string[] = [];
  const stopId = String(stop.body.stop_id);
  if (stop.status !== 200) return [`${name}: the stop was answered with ${stop.status}`];
  const receivedAt = Date.now();
  if (!(await activeStops(stage)).includes(stopId))
    problems.push(`${name}: the stop has a receipt and is not in force`);
  await stage.product.end('SIGKILL');
  await stage.start();
  const active = await activeStops(stage);
  if (!active.includes(stopId)) problems.push(`${name}: the stop is gone after a kill`);
  if (active.length > 1) problems.push(`${name}: one stop has become ${active.length}`);
  const traderId = await openTrader(stage, `${name.replaceAll(' ', '-')}-after`);
  const refused = await insist(stage, sell(traderId, 1, `${traderId}-1`));
  if (refused.status !== 423) problems.push(`${name}: an order after the stop was answered with ${refused.status}`);
  const sent = submitsSince(stage.folder, receivedAt);
  if (sent.length > 0) problems.push(`${name}: ${sent.join(', ')} left after the receipt`);
  await release(stage, stopId);
  return problems;
}

/** The order's intent waits for its commit when the stop comes. */
const meetsIntent =
  (name: string, failpoint: string, receiptMinMs: number): Episode =>
  (stage) =>
    life(stage, failpoint, async () => {
      const { product } = stage;
      const traderId = await openTrader(stage, name.replaceAll(' ', '-'));
      const ordered = insist(stage, sell(traderId, 1, `${traderId}-1`));
      await product.until(() => product.said(/failpoint\.hit/), HIT_MAX_MS);
      const askedMs = performance.now();
      const stopped = await insist(stage, stopCall(name.replaceAll(' ', '-')));
      const receiptMs = performance.now() - askedMs;
      const answer = await surviving(stage, ordered);
      const problems = [...(await holdsOver(stage, name, stopped))];
      if (receiptMs < receiptMinMs)
        problems.push(`${name}: the receipt came after ${Math.round(receiptMs)} ms, before the stop was durable`);
      if (answer.status !== 423)
        problems.push(`${name}: the order was answered with ${answer.status} ${codeOf(answer)}`);
      const { details } = (answer.body.error ?? {}) as { details?: { tradeId?: string } };
      const orderId = details?.tradeId;
      if (orderId !== undefined && venueLines(stage.folder).some(({ clientOrderId }) => clientOrderId === orderId))
        problems.push(`${name}: ${orderId} reached the venue`);
      return problems;
    });

/** The product dies around the commit of the stop itself; the caller tells it again. */
const dies =
  (failpoint: string): Episode =>
  (stage) =>
    life(stage, failpoint, async () => {
      const name = `stop at ${failpoint}`;
      const [stopped] = await insistAll(stage, [stopCall(name.replaceAll(' ', '-'))]);
      return holdsOver(stage, name, stopped!);
    });

const EPISODES: readonly Episode[] = [
  meetsIntent('stop before the send', 'commit.slow@1:order.intended', 0),
  meetsIntent('stop without database', 'db.down@1:order.intended', RECEIPT_MIN_MS),
  dies('commit.before@1:trading.halted'),
  dies('commit.after@1:trading.halted'),
  dies('commit.unknown@1:trading.halted'),
];

export const stops: Episode = async (stage) => {
  const problems: string[] = [];
  for (const episode of EPISODES) problems.push(...(await episode(stage)));
  return problems;
};
