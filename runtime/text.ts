/** Strings that no database can hold: NUL and lone surrogates. They are refused at the boundary, or one of them fails a whole commit. */

/** NUL or a lone surrogate, as JSON.stringify writes them. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** One character is found much faster than two, and nearly no text has it. */
export const isStorableJson = (json: string): boolean =>
  !json.includes('\\') || !json.includes('\\u') || !UNSTORABLE.test(json);

export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** The same text with replacement characters: for reasons that must be told whatever they hold. */
export const storable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();
