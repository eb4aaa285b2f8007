/** The first line of a run: what it runs with, so that whoever finds it in a log can run it again. */
import type { Command, Option } from 'commander';
import { durationText } from '../file/fields.ts';
import { presentCommit } from './commit.ts';

export interface Header {
  /** `4 seeds, 3 virtual minutes each`. */
  readonly what: string;
  readonly seed: string;
  readonly threads: number;
}

const isGiven = (program: Command, option: Option): boolean =>
  program.getOptionValueSource(option.attributeName()) === 'cli';

/** Options as they were understood, by name; those that nobody gave are left out. */
function givenOptions(program: Command): Readonly<Record<string, unknown>> {
  const given = program.options.filter((option) => isGiven(program, option));
  return Object.fromEntries(
    given.map((option) => [option.attributeName(), program.getOptionValue(option.attributeName()) as unknown]),
  );
}

/** As somebody would type them. */
function optionsText(program: Command): string {
  const given = program.options.filter((option) => isGiven(program, option));
  return given
    .map((option) => {
      const value: unknown = program.getOptionValue(option.attributeName());
      if (typeof value === 'boolean') return option.long;
      const isDuration = typeof value === 'number' && option.flags.includes('<duration>');
      return `${option.long} ${isDuration ? durationText(value) : String(value)}`;
    })
    .join(' ');
}

export function headerText(program: Command, { what, seed, threads }: Header): string {
  const options = optionsText(program);
  const commit = presentCommit() ?? 'unknown';
  return `${what}, seed ${seed}, commit ${commit}, node ${process.version}, ${threads} threads${options && `, ${options}`}`;
}

/** The same as one line of JSON. */
export function headerJson(program: Command, { what, seed, threads }: Header): string {
  const commit = presentCommit() ?? null;
  const begins = { what, seed, commit, node: process.version, threads, options: givenOptions(program) };
  return JSON.stringify({ begins });
}
