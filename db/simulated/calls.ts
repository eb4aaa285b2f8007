/** The calls of those ports of a simulated database that all go one way, and that way. */
export const READ_CALLS = ['load', 'find', 'due', 'records'] as const;
export const OUTPUT_CALLS = ['head', 'append', 'lines', 'linesAfter', 'withLines', 'removeLines'] as const;
export const JOB_CALLS = [
  'add',
  'claim',
  'save',
  'beat',
  'release',
  'finish',
  'want',
  'remove',
  'find',
  'open',
  'parts',
] as const;

/** The same port, each call by way of `around`. */
export function through<T extends object>(
  port: T,
  names: readonly (keyof T)[],
  around: <R>(work: () => Promise<R>) => Promise<R>,
): T {
  const call =
    (name: keyof T) =>
    (...given: unknown[]): Promise<unknown> =>
      around(() => (port[name] as (...given: unknown[]) => Promise<unknown>).apply(port, given));
  return Object.fromEntries(names.map((name) => [name, call(name)])) as T;
}
