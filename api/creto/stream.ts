/**
 * Carries committed facts to the subscribers of each agent, in order, rendered once, and beside them what its account is worth. Nothing is
 * sent before its commit, and an agent without subscribers costs nothing.
 */
import type { JournalRecord } from '../../runtime/message.ts';
import type { Doors } from '../kit/call.ts';
import type { Opening, Socket, SocketRoute, SocketServer } from '../kit/sockets.ts';
import { eventOf } from './events.ts';
import { PortfolioNews } from './portfolio-news.ts';
import { type Carrier, CretoSession, PROTOCOL } from './session.ts';
import type { AgentMessage } from './told.ts';

export class CretoStream implements SocketServer, Carrier {
  private readonly subscribers = new Map<string, Set<CretoSession>>();
  private readonly portfolios: PortfolioNews;

  constructor(readonly doors: Doors) {
    this.portfolios = new PortfolioNews(doors, (agentId, message) => this.send(agentId, message));
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
    this.portfolios.begin(agentId);
  }

  unsubscribe(session: CretoSession, agentId: string): void {
    session.agents.delete(agentId);
    const sessions = this.subscribers.get(agentId);
    if (!sessions?.delete(session) || sessions.size > 0) return;
    this.subscribers.delete(agentId);
    this.portfolios.end(agentId);
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
    if (portfolioOf !== undefined) void this.portfolios.filled(agentId, portfolioOf);
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
