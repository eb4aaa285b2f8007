/** Somebody who orders something outside, and the house with nobody else in it: what the tests of effects and of their releases begin with. */
import type { Effect } from '../agent.ts';
import type { Message } from '../message.ts';
import { agent, answer, command, fact, reply } from './samples.ts';
import { oneForOne, World, type WorldOptions } from './world.ts';

export const entries = [
  command('order', { reply: 'ordered' }),
  reply('ordered'),
  command('release'),
  command('break'),
  command('panic', { control: true }),
  command('stop', { control: true }),
  fact('intended'),
  fact('sent'),
  fact('stopped', { control: true }),
  answer('venue.said'),
  fact('done'),
];

export interface State {
  readonly done: number;
  readonly stopped: boolean;
}

let broken = 0;
/** Orders something outside, hears what the venue says, and hands over nothing once it is stopped. */
export const buyer = (effects: Readonly<Record<string, Effect>>) =>
  agent<State>(
    'buyer',
    { done: 0, stopped: false },
    (state, { type, times }, say) => {
      if (type === 'break' || type === 'panic') {
        broken += 1;
        if (broken <= ((times as number | undefined) ?? 1)) throw new Error('broken on purpose');
        return state;
      }
      if (type === 'stop') {
        say({ type: 'stopped' });
        return { ...state, stopped: true };
      }
      if (type === 'order') {
        say({ type: 'ordered' });
        say({ type: 'intended' });
        return { ...state };
      }
      if (type === 'release') {
        if (state.stopped) return state;
        say({ type: 'sent' });
        return { ...state };
      }
      say({ type: 'done' });
      return { ...state, done: state.done + 1 };
    },
    { accepts: ['order', 'release', 'venue.said', 'break', 'panic', 'stop'], durable: true, effects },
  );

export const said: Message = { type: 'venue.said' };
export const startBuyer = async (effect: Effect, more: Partial<WorldOptions> = {}): Promise<World> => {
  broken = 0;
  return new World({ entries, roster: oneForOne([buyer({ intended: effect })], 1_000), ...more }).start();
};
export const order = (world: World): boolean => world.runtime.tell({ type: 'order' });
