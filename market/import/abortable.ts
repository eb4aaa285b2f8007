/** A stream that ends with the signal's reason as soon as it is aborted, also while its next piece doesn't come. */
import type { Bytes } from '../importers/plain-bytes.ts';

export async function* abortable(source: Bytes, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void> {
  if (!signal) {
    yield* source;
    return;
  }
  const pieces = source[Symbol.asyncIterator]();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  // Nobody may be waiting when it is rejected.
  aborted.catch(() => undefined);
  try {
    signal.throwIfAborted();
    for (let next = await Promise.race([pieces.next(), aborted]); !next.done; ) {
      yield next.value;
      next = await Promise.race([pieces.next(), aborted]);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    // A source that hangs would hang this as well.
    void Promise.resolve(pieces.return?.()).catch(() => undefined);
  }
}
