/** Errors that are answers: whoever is refused is told why, and nobody reads where in the code it was said. */

/**
 * Has no stack. Taking one down costs more than most refusals do, and refusals come by the thousand where somebody floods the doors. What is a
 * bug is thrown as an `Error` of the usual kind.
 */
export abstract class AnswerError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message, options);
    Error.stackTraceLimit = limit;
  }
}
