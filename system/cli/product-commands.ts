/** `agents`, `health` and `token`: what only a running product can answer. */
import { type Command, Option } from 'commander';
import { CommandFailure } from './outcome.ts';
import { type Agents, type Health, requestToken } from './remote.ts';
import type { OpenSession, Session } from './session.ts';
import { table } from './table.ts';

const COLUMNS = ['agent', 'status', 'mailbox', 'facts', 'entities', 'turns', 'restarts'] as const;

function agentsText({ agents, deadLetters }: Agents): string {
  const rows = agents.map((one) => [
    ...[one.address, one.status],
    ...[one.mailbox, one.facts, one.entities, one.turns, one.restarts],
  ]);
  const dead = Object.entries(deadLetters).map(([what, count]) => `  ${what}: ${count}`);
  return [table(COLUMNS, rows), ...(dead.length > 0 ? ['dead letters:', ...dead] : [])].join('\n');
}

function healthText({ status, version, uptime, dependencies, providers }: Health): string {
  return [
    `${status}, version ${version}, up ${Math.round(uptime)} s`,
    ...Object.entries(dependencies).map(([name, state]) => `  ${name}: ${state}`),
    ...providers.map(
      ({ name, status: state, simulated }) => `  market data ${name}: ${state}${simulated ? ' (simulated)' : ''}`,
    ),
  ].join('\n');
}

async function showHealth(session: Session): Promise<void> {
  const health = await session.health();
  if (!health) throw new CommandFailure(`no product answers at ${session.address.url}`);
  await session.print(health, healthText(health));
  if (health.status !== 'healthy') throw new CommandFailure('');
}

async function revisit(session: Session, address: string, how: 'retry' | 'skip'): Promise<void> {
  const result = await (await session.runningProduct()).revisit(address, how);
  await session.print(result, `${address}: ${how}`);
}

export function addProductCommands(program: Command, open: OpenSession): void {
  const agents = program.command('agents').description('the actors of a running house');
  agents
    .command('list', { isDefault: true })
    .description('status, what waits, restarts, dead letters')
    .action(async (_: unknown, command: Command) => {
      const session = open(command);
      const all = await (await session.runningProduct()).agents();
      await session.print(all, agentsText(all));
    });
  for (const [how, about] of [
    ['retry', 'let an agent that stayed down try its fact again'],
    ['skip', 'let an agent that stayed down go on behind its fact'],
  ] as const) {
    agents
      .command(how)
      .description(about)
      .argument('<agent>')
      .action((address: string, _: unknown, command: Command) => revisit(open(command), address, how));
  }
  program
    .command('health')
    .description('health of a running product; exits 1 unless it is healthy')
    .action((_: unknown, command: Command) => showHealth(open(command)));
  program
    .command('token')
    .description('ask for an access token and print it')
    .requiredOption('--client <id>', 'client id')
    .addOption(new Option('--secret <secret>', 'its secret').env('PITWALL_CLIENT_SECRET').makeOptionMandatory())
    .action(async ({ client, secret }: { client: string; secret: string }, command: Command) => {
      const session = open(command);
      const token = await requestToken(session.address, { id: client, secret });
      await session.print(token, token.access_token);
    });
}
