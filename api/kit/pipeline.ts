/**
 * The way of every request: ready, who, may they, how often, what exactly, once, and then the handler. Whatever is thrown on
 * the way is rendered by the route's surface; every answer carries its request id.
 */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { atOnce, type Soon } from './at-once.ts';
import { type BodyFormat, checkText, parametersOf, readBody } from './body.ts';
import { ApiCall, type Doors } from './call.ts';
import { ANONYMOUS, type Caller, hasRole } from './caller.ts';
import { contentOf, readForm } from './form.ts';
import { nameByKey, once, type RenderedAnswer } from './idempotency.ts';
import { rateHeaders } from './limits.ts';
import { oncePer } from './once-per.ts';
import { invalid, Problem, problemOf, unavailable } from './problem.ts';
import { clientAddressOf } from './public-address.ts';
import type { Answer, Policy, Route } from './route.ts';
import { type ProblemContext, type Surface, statusOf } from './surface.ts';
import { validate } from './validate.ts';

type Bindings = { readonly incoming?: { readonly socket: { readonly remoteAddress?: string } } } | undefined;

const JSON_ONLY: readonly BodyFormat[] = ['json'];
const JSON_TYPE = 'application/json; charset=utf-8';
const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** A call without a socket comes from this process; one that a proxy forwarded is not from this machine. */
function isLocal(call: ApiCall): boolean {
  const forwarded = call.header('x-forwarded-for') ?? call.header('forwarded');
  return forwarded === undefined && (call.remoteAddress === undefined || LOOPBACK.has(call.remoteAddress));
}

function admit(call: ApiCall, policy: Policy): Soon<Caller> {
  if (policy.kind === 'public' || (policy.kind === 'loopback' && isLocal(call))) return ANONYMOUS;
  return atOnce(call.doors.tokens.callerOf(call.header('authorization')), (caller) => {
    if (!hasRole(caller, policy.roles)) throw new Problem('forbidden', 'User does not have permission to do this');
    return caller;
  });
}

function count(call: ApiCall, { rateLimit: { limits, mode } }: Route): void {
  for (const { rule, key } of limits) {
    const counted = key(call);
    if (counted !== undefined) call.limit(rule, counted, mode === 'shown');
  }
}

const asksForText = (field: unknown): boolean => field instanceof z.ZodString && !field.def.checks?.length;
/** It asks for texts and nothing else: what a path has given is already that. */
const isPlain = oncePer(
  (params: z.ZodType) => params instanceof z.ZodObject && Object.values(params.shape).every(asksForText),
);

/** What a schema makes of a query that says nothing: always the same, and asked for most often. */
const ofSilence = oncePer((schema: z.ZodType) => Object.freeze(validate(schema, {}) as object));

function queryOf(url: string, schema: z.ZodType): unknown {
  const start = url.indexOf('?');
  if (start >= 0) return validate(schema, parametersOf(url.slice(start + 1)));
  return ofSilence(schema);
}

async function bodyOf(call: ApiCall, route: Route): Promise<unknown> {
  const raw = await readBody(call.request, route.bodyFormats ?? JSON_ONLY);
  if (raw !== undefined) return raw;
  if (!route.bodyOptional) throw invalid([{ field: '', message: 'A body is required' }]);
  return {};
}

const textOf = (body: unknown): string | undefined =>
  body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);

function rendered({ status, body, headers = {} }: Answer): RenderedAnswer {
  if (body instanceof ReadableStream) return { status, text: undefined, stream: body, headers };
  return { status, text: textOf(body), headers };
}

export function refusal(surface: Surface, problem: Problem, context: ProblemContext): RenderedAnswer {
  return {
    status: statusOf(surface, problem),
    text: textOf(surface.render(problem, context)),
    headers: problem.headers,
  };
}

/** Throws at once what is known to be wrong at once. */
function handle(call: ApiCall, route: Route, rawParams: Record<string, string>): Soon<RenderedAnswer> {
  const { house } = call;
  if (!route.always && house.state() !== 'ready') throw unavailable(`The service is ${house.state()}`);
  return atOnce(admit(call, route.policy), (caller) => {
    call.caller = caller;
    for (const name in rawParams) checkText(rawParams[name]!, name);
    call.subject = route.subject?.(rawParams, caller, house);
    count(call, route);
    if (route.params) call.params = isPlain(route.params) ? rawParams : validate(route.params, rawParams);
    if (route.query) call.query = queryOf(call.request.url, route.query);
    if (route.fileField !== undefined) return withFile(call, route, rawParams, route.fileField);
    return route.body ? withBody(call, route, rawParams, route.body) : keyed(call, route, rawParams, undefined);
  });
}

async function withBody(
  call: ApiCall,
  route: Route,
  rawParams: Record<string, string>,
  schema: z.ZodType,
): Promise<RenderedAnswer> {
  const raw = await bodyOf(call, route);
  call.body = validate(schema, raw);
  return keyed(call, route, rawParams, raw);
}

async function withFile(
  call: ApiCall,
  route: Route,
  rawParams: Record<string, string>,
  fileField: string,
): Promise<RenderedAnswer> {
  const form = await readForm(call, fileField);
  try {
    call.form = form;
    call.content = contentOf(form);
    return await keyed(call, route, rawParams, call.content);
  } finally {
    await form.file?.close();
  }
}

/** `raw`: what makes two bodies the same. */
function keyed(call: ApiCall, route: Route, rawParams: Record<string, string>, raw: unknown): Soon<RenderedAnswer> {
  const { house } = call;
  if (!route.entity) return answered(call, route);
  call.entity = route.entity(rawParams, house);
  const key = call.header('idempotency-key');
  if (key !== undefined && route.urgent) nameByKey(call, key);
  if (key === undefined || route.urgent) return answered(call, route);
  return once(call, key, raw ?? null, async () => {
    try {
      return await answered(call, route);
    } catch (fault) {
      return failed(call, route, fault);
    }
  });
}

const answered = (call: ApiCall, route: Route): Soon<RenderedAnswer> => atOnce(route.handler(call), rendered);

function failed({ house, requestId }: ApiCall, { surface }: Route, fault: unknown): RenderedAnswer {
  const problem = problemOf(fault);
  if (problem.kind === 'internal') {
    house.log.error('request.failed', { requestId, fault: fault instanceof Error ? fault.stack : String(fault) });
  }
  return refusal(surface, problem, { requestId, at: house.clock.wallNow() });
}

export function responseOf(
  answer: RenderedAnswer,
  requestId: string,
  more?: Readonly<Record<string, string>>,
): Response {
  const headers: Record<string, string> = {
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...more,
  };
  if (answer.text !== undefined && answer.text !== '') headers['Content-Type'] = JSON_TYPE;
  Object.assign(headers, answer.headers);
  return new Response(answer.stream ?? (answer.text === '' ? null : (answer.text ?? null)), {
    status: answer.status,
    headers,
  });
}

/**
 * So many requests of a route that makes something may be under way, more are refused unread: beyond what keeps the house busy they
 * would only wait, and stops and cancels with them.
 */
export const UNDER_WAY_MAX = 256;
const CROWDED = unavailable('Too many of these requests are under way, please try again');

function bounded(): (...request: Parameters<typeof handle>) => Promise<RenderedAnswer> {
  let underWay = 0;
  return async (...request) => {
    if (underWay === UNDER_WAY_MAX) throw CROWDED;
    underWay += 1;
    try {
      return await handle(...request);
    } finally {
      underWay -= 1;
    }
  };
}

/** A route as a Hono handler. */
export function serve(route: Route, doors: Doors): (context: Context) => Soon<Response> {
  const { house, meter } = doors;
  const answerOf = route.entity && !route.urgent ? bounded() : handle;
  return (context) => {
    const startedAt = house.clock.monotonic();
    const { raw } = context.req;
    const peer = (context.env as Bindings)?.incoming?.socket.remoteAddress;
    const remoteAddress = clientAddressOf(raw, peer, house.settings);
    const call = new ApiCall(doors, raw, house.ids.uuid(), remoteAddress, ANONYMOUS);
    const leave = (answer: RenderedAnswer): Response => {
      const durationMs = house.clock.monotonic() - startedAt;
      if (call.subject !== undefined) meter.count(call.subject, durationMs);
      house.metrics.observe({ method: route.method, route: route.path, status: answer.status, durationMs });
      return responseOf(answer, call.requestId, call.rate && rateHeaders(call.rate));
    };
    const refuse = (fault: unknown): Response => leave(failed(call, route, fault));
    let answer: Soon<RenderedAnswer>;
    try {
      answer = answerOf(call, route, context.req.param());
    } catch (fault) {
      return refuse(fault);
    }
    return answer instanceof Promise ? answer.then(leave, refuse) : leave(answer);
  };
}
