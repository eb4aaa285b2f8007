/**
 * Tells the subscribers of an agent what its account is worth: after each fill, and once a second when the market has moved that worth.
 * Invariants: what has not moved is not told, and nothing is looked at while nobody listens.
 */
import type { PortfolioAnswered, PortfolioGet } from '../../messages/account.ts';
import type { Doors } from '../kit/call.ts';
import type { AgentMessage } from './told.ts';

const LOOK_EVERY_MS = 1_000;
/** Questions under way at once; a look over more agents takes longer, and the next one begins a second after it. */
const AT_ONCE = 50;

type Worth = Extract<AgentMessage, { type: 'portfolio:update' }>['data'];

/** An agent that somebody listens to. */
interface Heard {
  readonly agentId: string;
  /** As it was told last. */
  worth?: Worth;
  /** Prices of what is held when it was asked for last. */
  prices?: string;
}

export class PortfolioNews {
  private readonly heard = new Map<string, Heard>();
  /** Agents whose worth is being asked for, and whether there was a fill since. */
  private readonly asking = new Map<string, { again: boolean }>();
  private disarm: (() => void) | undefined;
  private isLooking = false;

  constructor(
    private readonly doors: Doors,
    private readonly send: (agentId: string, message: AgentMessage) => void,
  ) {}

  begin(agentId: string): void {
    if (this.heard.has(agentId)) return;
    this.heard.set(agentId, { agentId });
    this.arm();
  }

  end(agentId: string): void {
    this.heard.delete(agentId);
    if (this.heard.size > 0) return;
    this.disarm?.();
    this.disarm = undefined;
  }

  /** After a fill it is told even when it is worth the same. */
  filled(agentId: string, accountId: string): Promise<void> {
    return this.ask(agentId, accountId, true);
  }

  /** One question at a time and agent; fills that arrive meanwhile share the next one. */
  private async ask(agentId: string, accountId: string, isFill: boolean): Promise<void> {
    const under = this.asking.get(agentId);
    if (under) {
      under.again ||= isFill;
      return;
    }
    const state = { again: isFill };
    this.asking.set(agentId, state);
    try {
      do {
        const { again: always } = state;
        state.again = false;
        await this.tell(agentId, accountId, always);
      } while (state.again);
    } catch (error) {
      this.doors.house.log.warn('stream.missed', { message: 'portfolio:update', error: String(error) });
    } finally {
      this.asking.delete(agentId);
    }
  }

  private arm(): void {
    if (this.disarm || this.isLooking) return;
    const { clock } = this.doors.house;
    this.disarm = clock.at('monotonic', clock.monotonic() + LOOK_EVERY_MS, () => {
      this.disarm = undefined;
      void this.look();
    });
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    const moved = [...this.heard.values()].filter((agent) => this.hasMoved(agent));
    for (let from = 0; from < moved.length; from += AT_ONCE)
      await Promise.all(
        moved.slice(from, from + AT_ONCE).map(({ agentId }) => this.ask(agentId, this.accountOf(agentId)!, false)),
      );
    this.isLooking = false;
    if (this.heard.size > 0) this.arm();
  }

  private accountOf(agentId: string): string | undefined {
    return this.doors.house.read.trader(agentId)?.accountId;
  }

  /** Whether another price is there for anything that is held; what was sold or bought is told with its fill. */
  private hasMoved({ agentId, prices }: Heard): boolean {
    const accountId = this.accountOf(agentId);
    if (accountId === undefined || this.doors.house.state() !== 'ready') return false;
    const now = this.pricesOf(accountId);
    return now !== '' && now !== prices;
  }

  /** Empty when nothing is held. */
  private pricesOf(accountId: string): string {
    const { read, latestQuote } = this.doors.house;
    return read
      .positions(accountId)
      .map(({ symbol }) => `${symbol} ${latestQuote(symbol)?.last}`)
      .join();
  }

  private async tell(agentId: string, accountId: string, always: boolean): Promise<void> {
    const { house } = this.doors;
    const prices = this.pricesOf(accountId);
    const question: PortfolioGet = { type: 'portfolio.get', accountId };
    const options = { principal: 'system', correlationId: house.ids.uuid() };
    const { found, equity, unrealizedPnl } = await house.ask<PortfolioAnswered>(question, options);
    const agent = this.heard.get(agentId);
    if (!found || !agent) return;
    agent.prices = prices;
    const { worth } = agent;
    const data: Worth = { agentId, totalValue: Number(equity), unrealizedPnL: Number(unrealizedPnl) };
    if (!always && worth?.totalValue === data.totalValue && worth.unrealizedPnL === data.unrealizedPnL) return;
    agent.worth = data;
    this.send(agentId, { type: 'portfolio:update', data });
  }
}
