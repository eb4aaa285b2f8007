/**
 * `WS /events`: what happens in the house (tmt), and what runs put out (executions), each told once it is durable and only to who may see
 * it. System events are told from now on; a run's from the sequence on that a listener names, so that nothing is missed between two connections.
 */
import { z } from '@hono/zod-openapi';
import type { JournalRecord } from '../runtime/message.ts';
import { visibleRun } from './executions/access.ts';
import { RunFollower } from './executions/run-follower.ts';
import { runMessage } from './executions/schemas.ts';
import type { Doors } from './kit/call.ts';
import type { Caller } from './kit/caller.ts';
import { ClientSession, type Protocol } from './kit/client-session.ts';
import { Problem, problemOf } from './kit/problem.ts';
import { READERS } from './kit/route.ts';
import type { Opening, Socket, SocketRoute, SocketServer } from './kit/sockets.ts';
import { tmtSurface } from './tmt/surface.ts';
import { SYSTEM_EVENTS, type SystemEvent, type SystemEventType, systemEventOf } from './tmt/system-events.ts';
import { systemMessage } from './tmt/told.ts';

const RUNS_MAX = 20;
const sequence = z.int().min(0).max(999_999_999);
const execution_id = z.int().min(1).max(999_999_999);

const eventsMessage = z.union([
  z.strictObject({
    ...{ action: z.literal('subscribe'), execution_id },
    ...{ since_sequence: sequence.default(0), since_trade_sequence: sequence.default(0) },
  }),
  z.strictObject({ action: z.literal('unsubscribe'), execution_id }),
  /** Which system events are told; all of them before the first of these. */
  z.strictObject({ action: z.literal('subscribe'), event_types: z.array(z.enum(SYSTEM_EVENTS)).max(10) }),
]);
type EventsMessage = z.infer<typeof eventsMessage>;

const PROTOCOL: Protocol<EventsMessage> = {
  said: eventsMessage,
  names: 'subscribe (execution_id or event_types), unsubscribe (execution_id)',
  told: z.union([systemMessage, runMessage]),
  policy: READERS,
  subscriptionsMax: RUNS_MAX,
  surface: tmtSurface,
};

class EventsSession extends ClientSession<EventsMessage> {
  private types: ReadonlySet<SystemEventType> = new Set(SYSTEM_EVENTS);
  private readonly followers = new Map<number, RunFollower>();
  /** Runs whose owner is being looked up; an answer for one that was left meanwhile is for nobody. */
  private readonly asked = new Map<number, object>();

  constructor(
    doors: Doors,
    socket: Socket,
    private readonly gone: (session: EventsSession) => void,
  ) {
    super(doors, socket, PROTOCOL);
  }

  /** `text` is rendered once for all listeners. */
  hear({ message, isFor }: SystemEvent, text: string): void {
    if (this.caller && this.types.has(message.event_type) && isFor(this.caller)) this.send(text);
  }

  runHasNews(executionId: number): void {
    this.followers.get(executionId)?.wake();
  }

  protected said(caller: Caller, message: EventsMessage): void {
    if ('event_types' in message) this.types = new Set(message.event_types);
    else if (message.action === 'unsubscribe') this.unfollow(message.execution_id);
    else {
      const { execution_id: executionId, since_sequence: event, since_trade_sequence: trade } = message;
      this.unfollow(executionId);
      void this.follow(caller, executionId, { event, trade });
    }
  }

  protected left(): void {
    for (const follower of this.followers.values()) follower.stop();
    this.followers.clear();
    this.asked.clear();
    this.gone(this);
  }

  private unfollow(executionId: number): void {
    this.asked.delete(executionId);
    this.followers.get(executionId)?.stop();
    this.followers.delete(executionId);
  }

  private async follow(caller: Caller, executionId: number, since: { event: number; trade: number }): Promise<void> {
    if (this.followers.size + this.asked.size >= RUNS_MAX) {
      this.refuse(new Problem('conflict', `A connection can follow at most ${RUNS_MAX} executions`));
      return;
    }
    const { house } = this.doors;
    const ask = {};
    this.asked.set(executionId, ask);
    try {
      await visibleRun({ house, caller }, executionId);
      if (this.asked.get(executionId) !== ask) return;
      const follower = new RunFollower(house, this, executionId, since, (problem) => {
        this.followers.delete(executionId);
        if (problem) this.refuse(problem);
      });
      this.followers.set(executionId, follower);
      follower.wake();
    } catch (error) {
      this.refuse(problemOf(error));
    } finally {
      if (this.asked.get(executionId) === ask) this.asked.delete(executionId);
    }
  }
}

export class EventStream implements SocketServer {
  private readonly sessions = new Set<EventsSession>();

  constructor(private readonly doors: Doors) {
    const { house } = doors;
    house.onCommitted((record) => this.tell(record));
    house.onRunNews((executionId) => {
      for (const session of this.sessions) session.runHasNews(executionId);
    });
  }

  open(socket: Socket, opening: Opening): EventsSession {
    const session = new EventsSession(this.doors, socket, (gone) => this.sessions.delete(gone));
    this.sessions.add(session);
    return session.begin(opening);
  }

  private tell(record: JournalRecord): void {
    const event = this.sessions.size === 0 ? undefined : systemEventOf(record, this.doors.house.read);
    if (!event) return;
    const text = JSON.stringify(event.message);
    for (const session of this.sessions) session.hear(event, text);
  }
}

export const eventSocket: SocketRoute = {
  ...PROTOCOL,
  path: '/events',
  name: 'EventSocket',
  tag: 'Events',
  summary: 'What happens in the house, and what the runs put out that one follows',
  serve: (doors) => new EventStream(doors),
};
