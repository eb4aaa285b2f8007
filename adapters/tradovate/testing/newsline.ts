/** The local Tradovate's WebSocket: open, authorize, synchronise, then `props` as they happen, or as a test wants them to go wrong. */
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { EntityType, Exchange, Props } from './exchange.ts';

/** How events are told from now on. `held` ones are told by `release`, in the order that was asked for. */
export type Manner = 'plain' | 'twice' | 'held' | 'lost';

const PLURALS: Readonly<Record<string, EntityType>> = {
  contracts: 'contract',
  orders: 'order',
  orderVersions: 'orderVersion',
  commands: 'command',
  fills: 'fill',
};

export function openNewsline(
  server: Server,
  exchange: Exchange,
  isValid: (token: string) => boolean,
  heartbeatMaxMs: number,
) {
  const sockets = new WebSocketServer({ server, path: '/v1/websocket' });
  const synchronised = new Set<WebSocket>();
  const held: Props[] = [];
  const counts = { connections: 0, syncs: 0, heartbeats: 0, closedForSilence: 0 };
  let manner: Manner = 'plain';
  let penalties = 0;

  const say = (socket: WebSocket, ...messages: readonly unknown[]): void => socket.send(`a${JSON.stringify(messages)}`);
  const tell = (props: Props): void => {
    for (const socket of synchronised) say(socket, { e: 'props', d: props });
  };
  exchange.onProps = (props) => {
    if (manner === 'lost') return;
    if (manner === 'held') return void held.push(props);
    tell(props);
    if (manner === 'twice') tell(props);
  };

  function synchronise(socket: WebSocket, i: number, body: string): unknown {
    if (penalties > 0) {
      penalties -= 1;
      return { s: 200, i, d: { 'p-ticket': 'ticket', 'p-time': 0.1 } };
    }
    counts.syncs += 1;
    const { entityTypes } = JSON.parse(body) as { entityTypes: readonly string[] };
    const wanted = Object.entries(PLURALS).filter(([, type]) => entityTypes.includes(type));
    synchronised.add(socket);
    return {
      s: 200,
      i,
      d: { users: [{ id: 7 }], ...Object.fromEntries(wanted.map(([name, type]) => [name, exchange.all(type)])) },
    };
  }

  function answerOf(socket: WebSocket, text: string): unknown {
    const [endpoint, id = '0', , body = ''] = text.split('\n');
    const i = Number(id);
    if (endpoint === 'authorize') return isValid(body) ? { s: 200, i } : { s: 401, i, d: 'Access is denied' };
    return endpoint === 'user/syncrequest' ? synchronise(socket, i, body) : { s: 404, i };
  }

  sockets.on('connection', (socket) => {
    counts.connections += 1;
    let heardAt = Date.now();
    const watch = setInterval(
      () => {
        if (Date.now() - heardAt < heartbeatMaxMs) return;
        counts.closedForSilence += 1;
        socket.close();
      },
      Math.max(50, heartbeatMaxMs / 4),
    );
    socket.on('close', () => {
      clearInterval(watch);
      synchronised.delete(socket);
    });
    socket.on('message', (data) => {
      heardAt = Date.now();
      const text = String(data);
      if (text === '[]') counts.heartbeats += 1;
      else say(socket, answerOf(socket, text));
    });
    socket.send('o');
    socket.send('h');
  });

  return {
    counts,
    isHeard: () => synchronised.size > 0,
    setManner(next: Manner): void {
      manner = next;
    },
    /** Tells what was held; `reversed`: the last first. */
    release(order: 'plain' | 'reversed'): void {
      const all = held.splice(0);
      for (const props of order === 'reversed' ? all.reverse() : all) tell(props);
    },
    penalise(times: number): void {
      penalties = times;
    },
    /** Sends a frame as it is to everybody. */
    send(frame: string): void {
      for (const socket of sockets.clients) socket.send(frame);
    },
    drop(): void {
      for (const socket of sockets.clients) socket.terminate();
    },
    close(): void {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
