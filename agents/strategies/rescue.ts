/**
 * What becomes of a run whose turn threw. Invariant: it is the end of that one run, with its reason, and never of the agent, which carries
 * all the others: once more from its row, closing; and a row that can't go on is lost, its position left to a person.
 */
import { deliveredAt } from '../../messages/delivered.ts';
import type { LiveAnswered, LiveCollected } from '../../messages/live.ts';
import type { OrderCancel } from '../../messages/order.ts';
import { cancelAfter, type Emit } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import type { Taken } from './message.ts';
import { answerOf, lastWords, made } from './output.ts';
import { broken, failureOf, messageOf } from './phases.ts';
import { coolDown, type LiveState, NOTHING_SAID, runOf, saved } from './state.ts';

type Step = (state: LiveState, message: Taken, emit: Emit) => LiveState;

/** What a step says leaves only when the step has come to its end. */
function whole(step: Step, state: LiveState, message: Taken, emit: Emit): LiveState {
  const said: Message[] = [];
  const next = step(state, message, (output) => {
    said.push(output);
  });
  for (const output of said) emit(output);
  return next;
}

/** The step, its failures included. */
export function guarded(step: Step, state: LiveState, message: Taken, emit: Emit): LiveState {
  try {
    return whole(step, state, message, emit);
  } catch (error) {
    coolDown(state);
    if (state.phase !== 'ended' && state.end !== 'failed') return retried(step, state, message, error, emit);
    return lost(state, message, error, emit);
  }
}

/** The fields of a strategy whose turn threw are anything: the row's are taken again, and see the message with the run's end begun. */
function retried(step: Step, state: LiveState, message: Taken, error: unknown, emit: Emit): LiveState {
  const at = deliveredAt(message);
  try {
    const run = runOf(state);
    const ending = broken(state, run, error, at);
    // Of a run whose end had begun before, this is the end now.
    const failed: LiveState = { ...ending, end: 'failed', reason: ending.reason ?? failureOf(error) };
    const next = saved(failed, run);
    return message.type === 'market.quote' ? next : whole(step, next, message, emit);
  } catch (again) {
    coolDown(state);
    return lost(state, message, again, emit);
  }
}

/** Nothing can be made of its row: the order under way is cancelled, and what it holds nobody of us may guess. */
export function lost(state: LiveState, message: Taken, error: unknown, emit: Emit): LiveState {
  const { working, task } = state;
  const why = `the run can't go on: ${messageOf(error)}`;
  const reason = state.orders > 0 ? `${why}. What it holds stays on account ${state.accountId}` : why;
  if (working) {
    emit<OrderCancel>({
      type: 'order.cancel',
      orderId: working.orderId,
      by: task.userId,
      reason: 'the run has failed',
    });
    emit(cancelAfter('order-check'));
  }
  // One that has ended is flat, and ended as it did.
  const end = state.phase === 'ended' ? {} : ({ end: 'failed', reason } as const);
  return stepLost({ ...state, ...end, phase: 'lost' }, message, emit);
}

/** A lost run only tells of its end. */
export function stepLost(state: LiveState, message: Taken, emit: Emit): LiveState {
  const { executionId, part } = state;
  switch (message.type) {
    case 'run.changed':
      return { ...state, phase: 'gone' };
    case 'live.get':
      emit<LiveAnswered>(answerOf(state, lastWords(state) !== null, deliveredAt(message)));
      return state;
    case 'live.collect': {
      const isKnown = part > message.taken;
      const output = isKnown ? state.output : lastWords(state);
      emit<LiveCollected>({ type: 'live.collected', executionId, part: message.taken + 1, output });
      if (isKnown || output === null) return state;
      return made({ ...state, ...{ part: message.taken + 1, output, said: NOTHING_SAID } }, state.said, emit);
    }
    default:
      return state;
  }
}
