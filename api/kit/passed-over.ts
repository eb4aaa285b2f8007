/**
 * A request that offers a protocol nobody speaks here (a client's `Upgrade: h2c`) is served as if it had not: RFC 9110, 7.8. Node hands each request
 * with an upgrade to whoever upgrades sockets, its body unread; so the line goes back to the server with the same request, less the offer.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

const OFFERS = new Set(['upgrade', 'http2-settings']);
const isOffer = (word: string): boolean => OFFERS.has(word.trim().toLowerCase());

/** As it was written, less the offer and what `Connection` says of it. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at]!, rawHeaders[at + 1]!];
    if (isOffer(name)) continue;
    const isConnection = name.toLowerCase() === 'connection';
    const said = isConnection ? value.split(',').filter((option) => !isOffer(option)) : [value];
    lines.push(`${name}: ${said.join(',')}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** `head`: what has already come in behind the headers. */
export function passOver(server: Pick<Server, 'emit'>, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.unshift(Buffer.concat([Buffer.from(headOf(request), 'latin1'), head]));
  server.emit('connection', socket);
}
