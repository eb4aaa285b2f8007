/** One client's end of `/ws`: which agents it hears of. Agents that it may not see do not exist for it. */
import { z } from '@hono/zod-openapi';
import type { Doors } from '../kit/call.ts';
import type { Caller } from '../kit/caller.ts';
import { ClientSession, type Protocol } from '../kit/client-session.ts';
import { notFound, Problem } from '../kit/problem.ts';
import { READERS } from '../kit/route.ts';
import type { Socket } from '../kit/sockets.ts';
import { maySee } from './access.ts';
import { cretoSurface } from './surface.ts';
import { agentMessage } from './told.ts';

const SUBSCRIPTIONS_MAX = 1_000;

const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('subscribe'), agentId: z.string().max(200) }),
  z.strictObject({ type: z.literal('unsubscribe'), agentId: z.string().max(200) }),
]);
type ClientMessage = z.infer<typeof clientMessage>;

export const PROTOCOL: Protocol<ClientMessage> = {
  said: clientMessage,
  names: 'subscribe, unsubscribe',
  told: agentMessage,
  policy: READERS,
  subscriptionsMax: SUBSCRIPTIONS_MAX,
  surface: cretoSurface,
};

/** Who carries the news to sessions. */
export interface Carrier {
  readonly doors: Doors;
  subscribe(session: CretoSession, agentId: string): void;
  unsubscribe(session: CretoSession, agentId: string): void;
  forget(session: CretoSession): void;
}

export class CretoSession extends ClientSession<ClientMessage> {
  readonly agents = new Set<string>();

  constructor(
    private readonly carrier: Carrier,
    socket: Socket,
  ) {
    super(carrier.doors, socket, PROTOCOL);
  }

  protected said(caller: Caller, { type, agentId }: ClientMessage): void {
    if (type === 'unsubscribe') this.carrier.unsubscribe(this, agentId);
    else this.subscribe(caller, agentId);
  }

  protected left(): void {
    this.carrier.forget(this);
  }

  private subscribe(caller: Caller, agentId: string): void {
    const trader = this.carrier.doors.house.read.trader(agentId);
    if (!trader || !maySee(caller, trader)) this.refuse(notFound('Agent', agentId));
    else if (this.agents.size < SUBSCRIPTIONS_MAX || this.agents.has(agentId)) this.carrier.subscribe(this, agentId);
    else this.refuse(new Problem('conflict', `A connection can have at most ${SUBSCRIPTIONS_MAX} subscriptions`));
  }
}
