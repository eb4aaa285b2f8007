/**
 * Carries committed facts to the subscribers of each agent, in order, rendered once. Nothing is sent before its commit, and an
 * agent without subscribers costs nothing.
 */
import type { PortfolioAnswered, PortfolioGet } from '../../messages/account.ts';
import type { JournalRecord } from '../../runtime/message.ts';
import type { Doors } from '../kit/call.ts';
import type { Opening, Socket, SocketRoute, SocketServer } from '../kit/sockets.ts';
import { eventOf } from './events.ts';
import { type Carrier, CretoSession, PROTOCOL } from './session.ts';
import type { AgentMessage } from './told.ts';

export class CretoStream implements SocketServer, Carrier {
  private readonly subscribers = new Map<string, Set<CretoSession>>();
  /** Accounts whose value is being asked for, and whether they changed again meanwhile. */
  private readonly valuing = new Map<string, { again: boolean }>();

  constructor(readonly doors: Doors) {
    doors.house.onCommitted((record) => this.tell(record));
  }

  open(socket: Socket, opening: Opening): CretoSession {
    return new CretoSession(this, socket).begin(opening);
  }

  subscribe(session: CretoSession, agentId: string): void {
    session.agents.add(agentId);
    const sessions = this.subscribers.get(agentId);
    if (sessions) sessions.add(session);
    else this.subscribers.set(agentId, new Set([session]));
  }

  unsubscribe(session: CretoSession, agentId: string): void {
    session.agents.delete(agentId);
    const sessions = this.subscribers.get(agentId);
    if (sessions?.delete(session) && sessions.size === 0) this.subscribers.delete(agentId);
  }

  forget(session: CretoSession): void {
    for (const agentId of session.agents) this.unsubscribe(session, agentId);
  }

  private tell(record: JournalRecord): void {
    const event = this.subscribers.size === 0 ? undefined : eventOf(record);
    if (!event || !this.subscribers.has(event.agentId)) return;
    const { agentId, message, ifListed, portfolioOf } = event;
    if (ifListed === undefined) this.send(agentId, message);
    else void this.tellListed(agentId, message, ifListed);
    if (portfolioOf !== undefined) void this.tellPortfolio(agentId, portfolioOf);
  }

  private send(agentId: string, message: AgentMessage): void {
    const text = JSON.stringify(message);
    for (const session of this.subscribers.get(agentId) ?? []) session.send(text);
  }

  private async tellListed(agentId: string, message: AgentMessage, orderId: string): Promise<void> {
    try {
      const row = await this.doors.house.read.order(orderId);
      if (row?.listed) this.send(agentId, message);
    } catch (error) {
      this.missed('trade:update', error);
    }
  }

  /** One question at a time and account; fills that arrive meanwhile share the next one. */
  private async tellPortfolio(agentId: string, accountId: string): Promise<void> {
    const under = this.valuing.get(accountId);
    if (under) {
      under.again = true;
      return;
    }
    const state = { again: true };
    this.valuing.set(accountId, state);
    try {
      while (state.again) {
        state.again = false;
        await this.valuePortfolio(agentId, accountId);
      }
    } catch (error) {
      this.missed('portfolio:update', error);
    } finally {
      this.valuing.delete(accountId);
    }
  }

  private async valuePortfolio(agentId: string, accountId: string): Promise<void> {
    const { house } = this.doors;
    const question: PortfolioGet = { type: 'portfolio.get', accountId };
    const options = { principal: 'system', correlationId: house.ids.uuid() };
    const { found, equity, unrealizedPnl } = await house.ask<PortfolioAnswered>(question, options);
    if (!found) return;
    const data = { agentId, totalValue: Number(equity), unrealizedPnL: Number(unrealizedPnl) };
    this.send(agentId, { type: 'portfolio:update', data });
  }

  private missed(message: string, error: unknown): void {
    this.doors.house.log.warn('stream.missed', { message, error: String(error) });
  }
}

export const cretoSocket: SocketRoute = {
  ...PROTOCOL,
  path: '/ws',
  name: 'AgentSocket',
  tag: 'Agents',
  summary: 'What happens to the agents that one subscribes to',
  serve: (doors) => new CretoStream(doors),
};
