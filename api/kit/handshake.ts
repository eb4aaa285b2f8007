/**
 * Tells an opening handshake (RFC 6455, 4.2.1) before anything of the request is kept: one that the WebSocket library would refuse later stays
 * with its socket and context in the library's memory for ever.
 */
import type { IncomingHttpHeaders } from 'node:http';

const KEY = /^[+/0-9A-Za-z]{22}==$/;
const VERSIONS = new Set(['8', '13']);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Names of protocols, each offered once. */
function areProtocols(list: string): boolean {
  const names = list.split(',').map((name) => name.trim());
  return names.every((name) => TOKEN.test(name)) && new Set(names).size === names.length;
}

export function isHandshake(headers: IncomingHttpHeaders): boolean {
  const { 'sec-websocket-key': key = '', 'sec-websocket-version': version = '' } = headers;
  const { 'sec-websocket-protocol': protocols } = headers;
  return KEY.test(key) && VERSIONS.has(version) && (protocols === undefined || areProtocols(protocols));
}
