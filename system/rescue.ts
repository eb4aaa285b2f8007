/**
 * What the house does when it can't go on as usual: cancels at the venue without agents or database, halts itself, says its last
 * words. Invariant: a halt that came in is never void, and a house that gave up is halted when it starts again.
 */
import type { Halt, TradingHalt, TradingHalted } from '../messages/halt.ts';
import type { OrderRow } from '../projections/rows.ts';
import type { ReadView } from '../projections/view.ts';
import type { Hooks } from '../runtime/lives.ts';
import type { JournalRecord, Message } from '../runtime/message.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { ProductPorts } from './ports.ts';

const HOUSE = 'house';

const covers = ({ scope, targetId }: Halt, { accountId, traderId }: OrderRow): boolean =>
  scope === 'system' || targetId === (scope === 'account' ? accountId : traderId);

export class Rescue implements Hooks {
  constructor(
    private readonly ports: ProductPorts,
    private readonly view: ReadView,
    private readonly runtime: () => Runtime,
    private readonly failed: (reason: string) => void,
  ) {}

  readonly rootFailed = (reason: string): void => {
    this.sweep(() => true);
    const halted: TradingHalted = { type: 'trading.halted', ...this.halt(`the house gave up: ${reason}`) };
    const lost = (error: unknown): void => this.ports.log.error('house.last-words-lost', { reason: String(error) });
    void this.runtime()
      .lastWords(halted)
      .catch(lost)
      .then(() => this.failed(reason));
  };

  /** A reader that can't read on no longer knows the truth: nothing may leave until a person has looked. */
  readonly down = (agent: string, reason: string): void => {
    const message: TradingHalt = { type: 'trading.halt', ...this.halt(`${agent} stays down: ${reason}`) };
    this.runtime().tell(message);
  };

  readonly latched = (message: Message): void => {
    if (message.type === 'trading.halt') this.sweep((order) => covers(message as TradingHalt, order));
  };

  /** Orders cancel what a halt covers; while their agent is being restarted or stays down, the house does. Reduction goes on by itself. */
  readonly recorded = ({ message }: JournalRecord): void => {
    if (message.type !== 'trading.halted') return;
    const halted = message as TradingHalted;
    const orders = this.runtime()
      .stats()
      .agents.find(({ address }) => address === 'orders');
    if (orders?.status !== 'running' && halted.mode !== 'reduce') this.sweep((order) => covers(halted, order));
  };

  private halt(reason: string): Halt {
    return { stopId: this.ports.ids.uuid(), scope: 'system', reason, by: HOUSE };
  }

  /** What a venue has or may have is cancelled there; nobody waits. */
  private sweep(isCovered: (order: OrderRow) => boolean): void {
    const { venue, log } = this.ports;
    for (const { id: orderId } of this.view.allOpenOrders().filter(isCovered)) {
      const failed = (error: unknown): void => log.error('sweep.cancel-failed', { orderId, reason: String(error) });
      venue.cancel(orderId, new AbortController().signal).catch(failed);
    }
  }
}
