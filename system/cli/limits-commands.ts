/** `limits show|set`: the whole set, from a file, or one value of it. A change is made from the version that was read. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { TradingLimits } from '../../messages/limits.ts';
import { changesBetween, leavesOf, parseLimitsFile, withLeaf } from './limits-text.ts';
import type { LimitsInForce, Operations } from './operations.ts';
import { badUsage } from './outcome.ts';
import type { OpenSession, Session } from './session.ts';
import { table } from './table.ts';

const EXAMPLES = `
Examples:
  limits                                                      what is in force, path by path
  limits set instruments.class:equity.collarRatio 0.03 --reason "calmer collar for the roll"
  limits show --json > limits.json                            edit it, then:
  limits set limits.json --reason "quarterly review"          refused if somebody changed them meanwhile
`;

function show(session: Session, { version, limits }: LimitsInForce): Promise<void> {
  const text =
    limits === null
      ? 'no limits are configured: nothing is allowed'
      : `version ${version}\n${table(
          ['limit', 'value'],
          [...leavesOf(limits)].map(([path, value]) => [path, String(value)]),
        )}`;
  return session.print({ version, limits }, text);
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw badUsage(`the file ${path} can't be read; one limit is set by its path and a value`);
  }
}

/** What is asked for, and the version that it was made from. */
function wanted(target: string, value: string | undefined, present: LimitsInForce): [TradingLimits, number] {
  if (value !== undefined) return [withLeaf(present.limits, target, value), present.version];
  const { limits, version = present.version } = parseLimitsFile(target, readFile(target));
  return [limits, version];
}

async function change(session: Session, house: Operations, target: string, value: string | undefined, reason: string) {
  const before = await house.limits();
  const [limits, expectedVersion] = wanted(target, value, before);
  const changes = changesBetween(before.limits, limits);
  if (changes.length === 0)
    return session.print({ ...before, changes }, `version ${before.version}: nothing to change`);
  const after = await house.setLimits({ limits, reason, expectedVersion });
  return session.print({ ...after, changes }, [`version ${before.version} -> ${after.version}`, ...changes].join('\n'));
}

export function addLimitsCommands(program: Command, open: OpenSession): void {
  const limits = program
    .command('limits')
    .description('show and change the trading limits')
    .addHelpText('after', EXAMPLES);
  limits
    .command('show', { isDefault: true })
    .description('the limits in force')
    .action((_: unknown, command: Command) => {
      const session = open(command);
      return session.operate(async (house) => show(session, await house.limits()));
    });
  limits
    .command('set')
    .description('replace the set by a file, or one value by its path; who and why is recorded')
    .argument('<file-or-path>', 'a JSON file, or a path as `limits show` prints it')
    .argument('[value]', 'the new value, with a path')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((target: string, value: string | undefined, { reason }: { reason: string }, command: Command) => {
      if (reason.trim() === '') throw badUsage('--reason must say something');
      const session = open(command);
      return session.operate((house) => change(session, house, target, value, reason.trim()));
    });
}
