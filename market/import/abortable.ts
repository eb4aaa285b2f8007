/** A stream that ends with the signal's reason as soon as it is aborted, also while its next piece doesn't come. */
import type { Bytes } from '../importers/plain-bytes.ts';

export async function* abortable(source: Bytes, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void> {
  if (!signal) {
    yield* source;
    return;
  }
  const pieces = source[Symbol.asyncIterator]();
  let stop = (): void => undefined;
  const onAbort = (): void => stop();
  // Not a race against one promise that outlives the pieces: it would keep every one of them until the end.
  const next = (): Promise<IteratorResult<Uint8Array>> =>
    new Promise((resolve, reject) => {
      stop = () => reject(signal.reason);
      pieces.next().then(resolve, reject);
    });
  signal.addEventListener('abort', onAbort);
  try {
    signal.throwIfAborted();
    for (let piece = await next(); !piece.done; piece = await next()) {
      yield piece.value;
      signal.throwIfAborted();
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // A source that hangs would hang this as well.
    void Promise.resolve(pieces.return?.()).catch(() => undefined);
  }
}
