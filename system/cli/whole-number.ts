/** An option's value as a whole number, or bad usage. */
import { InvalidArgumentError } from 'commander';

export const wholeNumber =
  (min: number) =>
  (text: string): number => {
    if (!/^\d{1,15}$/.test(text) || Number(text) < min)
      throw new InvalidArgumentError(`It must be a whole number from ${min}.`);
    return Number(text);
  };
