/**
 * Bugs that somebody could write, planted one at a time in a build of their own: each must be seen by a checker, or it is named as
 * missed. `find` stands exactly once in its file, so that a changed product shows here by name and not as a bug nobody planted.
 */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutation extends Edit {
  readonly name: string;
  /** Which promise it breaks. */
  readonly why: string;
  /** Why no run can tell, for a bug that something else makes harmless. */
  readonly masked?: string;
  /** Other places of the same bug: a second net that would catch it. */
  readonly also?: readonly Edit[];
}
