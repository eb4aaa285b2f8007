/**
 * A value that is known, or will be. What is known goes on at once: an answer from memory that waits for nothing leaves in the same breath, where
 * each `await` on the way, and what a server keeps ready for answers that take their time, would cost it more than its making.
 */
export type Soon<T> = T | Promise<T>;

export function atOnce<T, R>(value: Soon<T>, goOn: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}
