/** Makes denials. What a control needs and does not have is a denial too: no limit and no knowledge never mean yes. */
import type { Denial, DenialClass, DenialCode } from '../domain/denial.ts';

export function deny(
  code: DenialCode,
  denialClass: DenialClass,
  explanation: string,
  numbers: Readonly<Record<string, string>> = {},
): Denial {
  return { code, class: denialClass, explanation, numbers };
}

/** `what`: the limit that nobody has set, as in "order value limit for AAPL". */
export const noLimit = (what: string): Denial =>
  deny('NO_LIMIT_CONFIGURED', 'limit', `There is no ${what}, and no limit means no trading.`);

/** `what` as in "position of the account": what a gate would need to know to decide. */
export const unknown = (what: string): Denial =>
  deny('GATE_UNAVAILABLE', 'unavailable', `The ${what} is not known, so the order can't be checked.`);
