/** Instants as text, read and written. Invariant: a day that no calendar has is none, whatever a parser makes of it. */
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const DAY_CHARACTERS = 10;

/** An ISO 8601 date or time as epoch milliseconds, without a zone in UTC; undefined for everything else. */
export function instantOf(text: string): number | undefined {
  if (!ISO_DATE.test(text)) return undefined;
  const day = text.slice(0, DAY_CHARACTERS);
  const midnight = Date.parse(day);
  // The 31st of February is a parser's 3rd of March.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, DAY_CHARACTERS) !== day) return undefined;
  const zoned = text.length === DAY_CHARACTERS || /(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`;
  const at = Date.parse(zoned);
  return Number.isNaN(at) ? undefined : at;
}

export const iso = (at: number): string => new Date(at).toISOString();
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));
