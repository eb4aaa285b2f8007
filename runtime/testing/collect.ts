/** What is alive, for tests of what is not. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A full collection of garbage, now. */
export function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** How many of these are still there; those last touched may be on the engine's stack. */
export function alive(all: readonly WeakRef<object>[]): number {
  collect();
  return all.filter((one) => one.deref()).length;
}
