/** An option's value as a whole number, or bad usage. */
import { InvalidArgumentError } from 'commander';

export const wholeNumber =
  (min: number, max?: number) =>
  (text: string): number => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= min && number <= (max ?? number)))
      throw new InvalidArgumentError(`It must be a whole number from ${min}${max === undefined ? '' : ` to ${max}`}.`);
    return number;
  };
