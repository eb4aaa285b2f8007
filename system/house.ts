/** The house as the doors see it: asks go to agents, reads to memory and tables, and every failure to answer is a HouseError. */
import { type ApiSettings, type House, HouseError, type HouseHealth, type ReadModel } from '../api/kit/house.ts';
import type { Quote } from '../messages/market.ts';
import { AskError } from '../runtime/asks.ts';
import type { RuntimePorts } from '../runtime/ports.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Metrics } from './metrics.ts';

export interface HouseOptions {
  readonly runtime: Runtime;
  readonly read: ReadModel;
  readonly ports: RuntimePorts;
  readonly settings: ApiSettings;
  readonly metrics: Metrics;
  readonly dailyOpen: (symbol: string) => number | undefined;
  readonly symbols: () => readonly string[];
  readonly state: House['state'];
  readonly health: () => HouseHealth;
  readonly track: House['track'];
  readonly upkeep: House['upkeep'];
  readonly series: House['series'];
  readonly tickDesk: House['tickDesk'];
  readonly onRunNews: House['onRunNews'];
  readonly autonomy: House['autonomy'];
}

const KINDS = { unavailable: 'unavailable', aborted: 'unavailable', timeout: 'timeout', refused: 'refused' } as const;

export function openHouse({ runtime, ports, ...rest }: HouseOptions): House {
  return {
    ...rest,
    clock: ports.clock,
    ids: ports.ids,
    log: ports.log,
    async ask(message, options) {
      try {
        return await runtime.ask(message, options);
      } catch (error) {
        if (error instanceof AskError) throw new HouseError(KINDS[error.kind], error.message, { cause: error });
        throw error;
      }
    },
    tell(message, options) {
      runtime.tell(message, options);
    },
    latestQuote: (symbol) => runtime.latest('market.quote', symbol) as Quote | undefined,
    agents: () => runtime.stats().agents,
    deadLetters: () => runtime.stats().deadLetters,
    revisit: (agent, how, by) => runtime.revisit(agent, how, by),
    components: () => runtime.stats().agents.map(({ address }) => address),
    onCommitted: (listener) => runtime.onCommitted(listener),
  };
}
