/**
 * A route is one object: where, who may, how often, what comes in, what goes out, and what happens. The router, the OpenAPI
 * document and the tests read the same object; a handler's answers are checked against its schemas at compile time.
 */
import { z } from '@hono/zod-openapi';
import type { BodyFormat } from './body.ts';
import type { ApiCall } from './call.ts';
import type { Caller, Role } from './caller.ts';
import type { House } from './house.ts';
import type { RateRule } from './limits.ts';
import type { Surface } from './surface.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** `loopback`: free for callers on this machine, else for these roles. */
export type Policy =
  | { readonly kind: 'public' }
  | { readonly kind: 'roles'; readonly roles: readonly Role[] }
  | { readonly kind: 'loopback'; readonly roles: readonly Role[] };

export type RolesPolicy = Extract<Policy, { readonly kind: 'roles' }>;

export const PUBLIC: Policy = { kind: 'public' };
export const roles = (...allowed: readonly Role[]): RolesPolicy => ({ kind: 'roles', roles: allowed });
export const READERS = roles('viewer', 'trader', 'supervisor', 'admin', 'service');
export const TRADERS = roles('trader', 'supervisor', 'admin', 'service');

/** What a rule counts by; undefined: this request does not count. */
export interface RateLimit {
  readonly rule: RateRule;
  key(request: { caller: Caller; subject: string | undefined }): string | undefined;
}

export const perCaller = (rule: RateRule): RateLimit => ({ rule, key: ({ caller }) => caller.sub });

/** `shown`: the headers tell where the caller stands, the request itself is neither counted nor refused. */
export interface RateLimits {
  readonly limits: readonly RateLimit[];
  readonly mode: 'counted' | 'shown';
}
export const UNLIMITED: RateLimits = { limits: [], mode: 'shown' };

/** A schema, `null` for no content, or the content type of text or bytes that are sent as they are. */
export type ResponseSpec = z.ZodType | null | { readonly contentType: string };
export type Responses = Readonly<Record<number, ResponseSpec>>;

type BodyOf<S> = S extends z.ZodType ? z.input<S> : S extends null ? undefined : string | ReadableStream<Uint8Array>;
type AnswerOf<R extends Responses> = {
  [Status in keyof R & number]: {
    readonly status: Status;
    readonly body: BodyOf<R[Status]>;
    readonly headers?: Readonly<Record<string, string>>;
  };
}[keyof R & number];

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Shape<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends Responses> {
  readonly method: Method;
  /** With `:name` parameters. */
  readonly path: string;
  readonly surface: Surface;
  readonly policy: Policy;
  readonly rateLimit: RateLimits;
  readonly tag: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyOptional?: boolean;
  readonly bodyFormats?: readonly BodyFormat[];
  /** A form with a file; for the document only. Without `fileField` the handler reads it by itself (kit/form.ts). */
  readonly form?: z.ZodType;
  /** The form is read before the handler, and its file closed behind it: such a request can carry a key too. */
  readonly fileField?: string;
  readonly responses: R;
  /** Statuses of refusals beyond those that every such route can give. */
  readonly refusals?: readonly number[];
  /** Answers before the house is ready too. */
  readonly always?: boolean;
  /** The trader that this request is about, if the caller may see it: what is metered and limited by it. */
  subject?(params: Readonly<Record<string, string>>, caller: Caller, house: House): string | undefined;
  /** Present when a repeated `Idempotency-Key` is answered again: the id that the new thing would get. */
  entity?(params: Readonly<Record<string, string>>, house: House): string;
  /** Nothing may hold this request up: its key is not claimed first, the entity's id follows from the key. */
  readonly urgent?: boolean;
  handler(call: ApiCall<z.output<P>, z.output<Q>, z.output<B>>): AnswerOf<R> | Promise<AnswerOf<R>>;
}

export type Route = Shape<z.ZodType, z.ZodType, z.ZodType, Responses>;

/** Of a route that asks for nothing in it: what is said all the same is passed over, if it can be read in one way only, as everywhere. */
const NO_QUERY = z.object({});

/**
 * Checks a route's own types; the list of routes forgets them again. The handler comes second, because only then are its
 * answers checked status by status.
 */
export function route<
  R extends Responses,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(shape: Omit<Shape<P, Q, B, R>, 'handler'>): (handler: Shape<P, Q, B, R>['handler']) => Route {
  return (handler) => ({ query: NO_QUERY, ...shape, handler }) as unknown as Route;
}
