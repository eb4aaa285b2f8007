/** What a line of a file was: a row, nothing to a series, or bad for a reason. From `fields` on it is bad. */
export const OUTCOME = {
  row: 0,
  nothing: 1,
  fields: 2,
  time: 3,
  price: 4,
  volume: 5,
  crossed: 6,
  bar: 7,
  long: 8,
  edge: 9,
  instrument: 10,
  ahead: 11,
} as const;
export type Outcome = (typeof OUTCOME)[keyof typeof OUTCOME];

export const REASONS: Readonly<Record<Outcome, string>> = {
  0: 'a row',
  1: 'not part of a series',
  2: 'fields are missing or stand elsewhere than in this layout',
  3: 'not a time between 1970 and 2100',
  4: 'not a positive price with at most 8 decimals',
  5: 'not a volume',
  6: 'a bar whose bid is above its ask',
  7: "a bar's high and low do not hold its other prices",
  8: 'longer than a line may be',
  9: 'a bar that does not begin on a whole multiple of its length',
  10: 'of another instrument than the lines before it',
  11: 'more than a day later than it is now',
};
