/** Two orders that race for one limit: exactly one passes, also when the product dies between them and both are told again. */
import { codeOf, type Episode, insistAll, life, sell } from './episode.ts';

/** A trader may hold this much in US dollars: one of the orders fits, two do not. */
const MAX_POSITION_SIZE = 20_000;
const QUANTITY = 100;
const DEATHS = [
  '',
  'commit.before@1:order.submitted',
  'commit.after@1:order.submitted',
  'commit.unknown@1:order.submitted',
  'venue.after-submit@1',
];

const race = (death: string): Episode => ({
  name: `race ${death || 'undisturbed'}`,
  maxPositionSize: MAX_POSITION_SIZE,
  play: (stage, traderId) =>
    life(stage, death && `${death}/${traderId}`, async () => {
      const answers = await insistAll(stage, [sell(traderId, QUANTITY, 'one'), sell(traderId, QUANTITY, 'two')]);
      const passed = answers.filter(({ status }) => status === 201).length;
      const outcomes = answers.map((answer) => `${answer.status} ${codeOf(answer)}`.trim()).join(', ');
      return passed === 1 ? [] : [`${passed} of two orders passed a limit that has room for one (${outcomes})`];
    }),
});

export const races: readonly Episode[] = DEATHS.map(race);
