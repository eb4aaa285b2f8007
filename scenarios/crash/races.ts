/** Two orders that race for one limit: exactly one passes, also when the product dies between them and both are told again. */
import { openTrader } from './load.ts';
import type { Stage } from './stage.ts';
import { codeOf, type Episode, insistAll, life, sell } from './survive.ts';

/** A trader may hold this much in US dollars: one of the orders fits, two do not. */
const POSITION_MAX = 20_000;
const QUANTITY = 100;
const DEATHS = [
  '',
  'commit.before@1:order.submitted',
  'commit.after@1:order.submitted',
  'commit.unknown@1:order.submitted',
  'venue.after-submit@1',
];

async function race(stage: Stage, failpoint: string): Promise<readonly string[]> {
  return life(stage, failpoint, async () => {
    const name = `race ${failpoint || 'undisturbed'}`;
    const traderId = await openTrader(stage, name.replaceAll(' ', '-'), POSITION_MAX);
    const answers = await insistAll(stage, [
      sell(traderId, QUANTITY, `${traderId}-1`),
      sell(traderId, QUANTITY, `${traderId}-2`),
    ]);
    const passed = answers.filter(({ status }) => status === 201).length;
    const outcomes = answers.map((answer) => `${answer.status} ${codeOf(answer)}`.trim()).join(', ');
    return passed === 1 ? [] : [`${name}: ${passed} of two orders passed a limit that has room for one (${outcomes})`];
  });
}

export const races: Episode = async (stage) => {
  const problems: string[] = [];
  for (const failpoint of DEATHS) problems.push(...(await race(stage, failpoint)));
  return problems;
};
