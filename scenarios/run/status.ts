/** Is an answer the one that was wanted? Without a word in the file any success is. */

import type { Answer } from '../exchange.ts';
import type { StatusWanted } from '../file/script-part.ts';

const SHOWN_MAX = 300;

type One = Exclude<StatusWanted, readonly unknown[]>;

function fits(answer: Answer | undefined, wanted: One): boolean {
  if (wanted === 'any') return true;
  if (wanted === 'none' || !answer) return wanted === 'none' && !answer;
  return typeof wanted === 'number' ? answer.status === wanted : Math.floor(answer.status / 100) === Number(wanted[0]);
}

/** Undefined when it fits. */
export function answerProblem(answer: Answer | undefined, wanted: StatusWanted = '2xx'): string | undefined {
  const all = Array.isArray(wanted) ? (wanted as One[]) : [wanted as One];
  if (all.some((one) => fits(answer, one))) return undefined;
  const got = answer ? `${answer.status} ${answer.body.slice(0, SHOWN_MAX)}` : 'no answer';
  return `wanted ${all.join(' or ')}, got ${got}`;
}
