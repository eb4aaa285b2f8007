/**
 * An emergency stop in the worst moments: between an order's intent and its sending, with the database away, around its own commit.
 * Nothing leaves after its receipt, and it is in force after every death.
 */
import { type Answer, type Call, insist } from './caller.ts';
import { codeOf, type Episode, insistAll, life, sell, surviving } from './episode.ts';
import type { Stage } from './stage.ts';
import { submitsSince, venueLines } from './venue-log.ts';

const HIT_MAX_MS = 10_000;
/** The failpoint keeps the database away longer than that. */
const RECEIPT_MIN_MS = 2_000;

const stopCall = (traderId: string): Call => ({
  method: 'POST',
  path: '/api/v1/emergency-stop',
  body: { reason: 'crash run', triggered_by: 'user-123', scope: 'system' },
  key: `${traderId}-stop`,
});

async function activeStops(stage: Stage): Promise<readonly string[]> {
  const { body } = await insist(stage, { method: 'GET', path: '/api/v1/emergency-stops' });
  return (body.active_stops as { stop_id: string }[]).map(({ stop_id }) => stop_id);
}

/** In force now and after a kill, and nothing leaves; released at the end. */
async function inForce(stage: Stage, traderId: string, stop: Answer): Promise<readonly string[]> {
  if (stop.status !== 200) return [`the stop was answered with ${stop.status}`];
  const receivedAt = Date.now();
  const problems: string[] = [];
  const stopId = String(stop.body.stop_id);
  if (!(await activeStops(stage)).includes(stopId)) problems.push('the stop has a receipt and is not in force');
  await stage.product.end('SIGKILL');
  await stage.start();
  const active = await activeStops(stage);
  if (!active.includes(stopId)) problems.push('the stop is gone after a kill');
  if (active.length > 1) problems.push(`one stop has become ${active.length}`);
  const refused = await insist(stage, sell(traderId, 1, 'after'));
  if (refused.status !== 423) problems.push(`an order after the stop was answered with ${refused.status}`);
  const sent = submitsSince(stage.folder, receivedAt);
  if (sent.length > 0) problems.push(`${sent.join(', ')} left after the receipt`);
  const body = { authorized_by: 'user-123', resolution_reason: 'crash run' };
  await insist(stage, { method: 'DELETE', path: `/api/v1/emergency-stop/${stopId}`, body });
  return problems;
}

/** The order's intent waits for its commit when the stop comes: the order must not leave any more. */
const meetsIntent = (name: string, moment: string, receiptMinMs: number): Episode => ({
  name,
  play: (stage, traderId) =>
    life(stage, `${moment}:order.intended/${traderId}`, async () => {
      const { product } = stage;
      const ordered = insist(stage, sell(traderId, 1, 'meets'));
      await product.until(() => product.said(/failpoint\.hit/), HIT_MAX_MS);
      const askedMs = performance.now();
      const stopped = await insist(stage, stopCall(traderId));
      const receiptMs = performance.now() - askedMs;
      const answer = await surviving(stage, ordered);
      const problems = [...(await inForce(stage, traderId, stopped))];
      if (receiptMs < receiptMinMs)
        problems.push(`the receipt came after ${Math.round(receiptMs)} ms, before the stop was durable`);
      if (answer.status !== 423) problems.push(`the order was answered with ${answer.status} ${codeOf(answer)}`);
      const { details } = (answer.body.error ?? {}) as { details?: { tradeId?: string } };
      const isKnown = venueLines(stage.folder).some(({ clientOrderId }) => clientOrderId === details?.tradeId);
      if (isKnown) problems.push(`${details?.tradeId} reached the venue`);
      return problems;
    }),
});

/** The product dies around the commit of the stop itself; the caller tells it again. */
const dies = (death: string): Episode => ({
  name: `stop ${death}`,
  play: (stage, traderId) =>
    life(stage, `${death}:trading.halted`, async () => {
      const [stopped] = await insistAll(stage, [stopCall(traderId)]);
      return inForce(stage, traderId, stopped!);
    }),
});

export const stops: readonly Episode[] = [
  meetsIntent('stop between intent and send', 'commit.slow@1', 0),
  meetsIntent('stop with the database away', 'db.down@1', RECEIPT_MIN_MS),
  dies('commit.before@1'),
  dies('commit.after@1'),
  dies('commit.unknown@1'),
];
