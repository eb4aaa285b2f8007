/**
 * The frames of Tradovate's WebSocket: `o` open, `h` heartbeat, `c[...]` close, `a[...]` messages; a request is four lines. Pure.
 * Invariant: a frame that is none of these is told as such, never guessed at.
 */
import { type TvMessage, tvMessage } from './wire.ts';

export type Frame =
  | { readonly kind: 'open' | 'heartbeat' | 'unknown' }
  | { readonly kind: 'close'; readonly reason: string }
  | { readonly kind: 'messages'; readonly messages: readonly TvMessage[] };

/** What a client sends to stay connected. */
export const CLIENT_HEARTBEAT = '[]';
export const HEARTBEAT_EVERY_MS = 2_500;

export const requestFrame = (endpoint: string, id: number, body: string): string => `${endpoint}\n${id}\n\n${body}`;

export function parseFrame(text: string): Frame {
  if (text === 'o') return { kind: 'open' };
  if (text === 'h') return { kind: 'heartbeat' };
  const content = listIn(text.slice(1));
  if (!content) return { kind: 'unknown' };
  if (text.startsWith('c')) return { kind: 'close', reason: content.map(String).join(' ') };
  if (!text.startsWith('a')) return { kind: 'unknown' };
  const messages = content.map((message) => tvMessage.safeParse(message));
  return messages.every(({ success }) => success)
    ? { kind: 'messages', messages: messages.flatMap(({ data }) => (data ? [data] : [])) }
    : { kind: 'unknown' };
}

function listIn(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
