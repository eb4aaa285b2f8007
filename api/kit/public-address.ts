/**
 * How this house is reached from outside: the address that is configured, else what a proxy says where it is trusted, else what the request
 * itself was sent to. Without that trust nothing that a client may write moves an address.
 */
import type { ApiSettings, House } from './house.ts';

type Settings = Pick<ApiSettings, 'publicUrl' | 'trustProxy'>;

const HOST = /^[\w.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i;
const ADDRESS = /^[0-9a-f.:]{2,45}$/i;

interface Asked {
  readonly request: Request;
  readonly house: Pick<House, 'settings'>;
}

/** What the nearest proxy wrote: others, and the client, stand before it. */
const nearest = (header: string | null): string | undefined => header?.split(',').at(-1)?.trim();

/** The address of this request as its client has to write it. */
export function publicUrlOf({ request, house: { settings } }: Asked): URL {
  const url = new URL(request.url);
  if (settings.publicUrl !== undefined) {
    const base = new URL(settings.publicUrl);
    base.pathname = base.pathname.replace(/\/+$/, '') + url.pathname;
    base.search = url.search;
    return base;
  }
  if (!settings.trustProxy) return url;
  const protocol = nearest(request.headers.get('x-forwarded-proto'))?.toLowerCase();
  const host = nearest(request.headers.get('x-forwarded-host'));
  const isKnown = protocol === 'http' || protocol === 'https';
  const authority = host !== undefined && HOST.test(host) ? host : url.host;
  const seen = `${isKnown ? protocol : url.protocol.slice(0, -1)}://${authority}${url.pathname}${url.search}`;
  return URL.canParse(seen) ? new URL(seen) : url;
}

/** Who is at the other end; behind a trusted proxy the one it names. */
export function clientAddressOf(
  request: Pick<Request, 'headers'>,
  remoteAddress: string | undefined,
  { trustProxy }: Settings,
): string | undefined {
  if (!trustProxy) return remoteAddress;
  const named = nearest(request.headers.get('x-forwarded-for'));
  return named !== undefined && ADDRESS.test(named) ? named : remoteAddress;
}

/** Whether a page is one of ours as browsers see it. */
export const isPublicOrigin = (origin: string, { publicUrl }: Settings): boolean =>
  publicUrl !== undefined && new URL(publicUrl).origin === origin;
