/**
 * A request that ends with the first of several signals, or after a time. `AbortSignal.any` and `AbortSignal.timeout` say the same, but Node 20
 * keeps what they make for as long as a signal lives or a time lasts: hundreds of bytes a request, fifty times a second under quotes.
 */
import { setMaxListeners } from 'node:events';

export interface Ends {
  readonly signals: readonly AbortSignal[];
  readonly timeoutMs?: number;
}

const timedOut = (): DOMException => new DOMException('no answer in time', 'TimeoutError');

export async function within<T>({ signals, timeoutMs }: Ends, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const ended = signals.find(({ aborted }) => aborted);
  if (ended) controller.abort(ended.reason);
  const end = ({ target }: Event): void => controller.abort((target as AbortSignal).reason);
  // As many at a time as there are requests under way; without a target it would be said of everybody's.
  if (signals.length > 0) setMaxListeners(0, ...signals);
  for (const signal of signals) signal.addEventListener('abort', end);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => controller.abort(timedOut()), timeoutMs);
  timer?.unref();
  try {
    return await act(controller.signal);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', end);
  }
}
