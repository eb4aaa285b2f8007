/** A running product as the command line sees it: its API, with the caller's token. A refusal becomes one readable line. */
import { z } from 'zod';
import { healthSchema } from '../../api/kit/health.ts';
import type { AgentState } from '../../api/kit/house.ts';
import type { ImportRecord } from '../../market/series/store.ts';
import type { Comparison, Copy, Retention, Verification } from '../../projections/upkeep.ts';
import {
  type FileImport,
  type FileImported,
  type ImportStep,
  type LimitsChange,
  type LimitsInForce,
  type Operations,
  outdated,
} from './operations.ts';
import { CommandFailure } from './outcome.ts';
import { type HouseDoor, remoteRuns, remoteSeries } from './remote-reads.ts';
import { readUpload, uploadOf } from './upload.ts';

/** `fetch`, or a twin of it. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;
export type Health = z.infer<typeof healthSchema>;

export interface Agents {
  readonly agents: readonly AgentState[];
  readonly deadLetters: Readonly<Record<string, number>>;
}

const HEALTH_TIMEOUT_MS = 5_000;
/** More than connections are kept open at the same time: each of them may have been closed while something was computed here. */
const GET_TRIES = 4;
const LOST: readonly unknown[] = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'];
const fieldList = z.array(z.object({ field: z.string(), message: z.string() }));
const refusal = z.union([
  z.object({ error: z.object({ message: z.string(), details: z.unknown().optional() }) }),
  z.object({ error: z.string(), error_description: z.string() }),
  z.object({ detail: z.string(), status_code: z.number() }),
]);

export interface RemoteOptions {
  readonly url: string;
  readonly token: string;
  readonly send: Send;
}

/** Whether nobody listens there at all, as opposed to anything else that can go wrong. */
const isNobody = (error: unknown): boolean => codeOf(error) === 'ECONNREFUSED';

const codeOf = (error: unknown): unknown =>
  error instanceof Error ? (error.cause as { code?: unknown } | undefined)?.code : undefined;

/** Undefined when nobody listens at the address. */
export async function healthAt({ url, send }: Pick<RemoteOptions, 'url' | 'send'>): Promise<Health | undefined> {
  let response: Response;
  try {
    response = await send(`${url}/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
  } catch (error) {
    if (isNobody(error)) return undefined;
    throw new CommandFailure(`${url} can't be asked for its health: ${reasonOf(error)}`);
  }
  const parsed = healthSchema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new CommandFailure(`what answers at ${url} is not Pitwall`);
  return parsed.data;
}

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error && cause.message !== '' ? cause.message : String((error as Error).message);
}

const unanswered = (url: string, error: unknown): CommandFailure =>
  new CommandFailure(`${url} did not answer: ${reasonOf(error)}`);

export class RemoteHouse implements Operations {
  private readonly door: HouseDoor = {
    json: (path) => this.json('GET', path),
    jsonIfThere: async <T>(path: string) => {
      const response = await this.request('GET', path);
      return response.status === 404 ? undefined : ((await accepted(response)).json() as Promise<T>);
    },
    bytes: async (path) => new Uint8Array(await (await accepted(await this.request('GET', path))).arrayBuffer()),
  };

  constructor(private readonly options: RemoteOptions) {}

  limits = (): Promise<LimitsInForce> => this.json('GET', '/limits');

  async setLimits(change: LimitsChange): Promise<LimitsInForce> {
    const response = await this.request('PUT', '/limits', change);
    if (response.status === 409)
      throw new CommandFailure(outdated((await this.limits()).version, change.expectedVersion));
    return (await accepted(response)).json() as Promise<LimitsInForce>;
  }

  agents = (): Promise<Agents> => this.json('GET', '/agents');
  revisit = (address: string, how: 'retry' | 'skip'): Promise<unknown> =>
    this.json('POST', `/agents/${encodeURIComponent(address)}/${how}`);
  verify = (): Promise<Verification> => this.json('GET', '/journal/verify');
  replay = (): Promise<Comparison> => this.json('GET', '/journal/replay');
  archive = (keep: number): Promise<Retention> => this.json('POST', '/journal/archive', { keep });

  async backup(): Promise<Copy> {
    const response = await accepted(await this.request('POST', '/backup'));
    return { bytes: Number(response.headers.get('content-length')), chunks: chunksOf(response) };
  }

  async export(fromSequence: number): Promise<AsyncIterable<Uint8Array>> {
    return chunksOf(await accepted(await this.request('GET', `/journal/export?from=${fromSequence}`)));
  }

  async importTicks(file: FileImport, onProgress: (step: ImportStep) => void): Promise<FileImported> {
    const { url, token, send } = this.options;
    let sentBytes = 0;
    let last = { uploaded: 0, skipped: 0 };
    const tell = (): void => onProgress({ ...last, ratio: Math.min(1, sentBytes / Math.max(1, file.sizeBytes)) });
    const { headers, body } = uploadOf(file, (bytes) => {
      sentBytes += bytes;
      tell();
    });
    const init: RequestInit = {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}` },
      body,
      duplex: 'half',
    };
    const response = await send(`${url}/api/upload-tick-data`, init).catch((error: unknown) => {
      throw unanswered(url, error);
    });
    return readUpload(chunksOf(await accepted(response)), (step) => {
      last = step;
      tell();
    });
  }

  takeBack = (importId: string): Promise<ImportRecord> =>
    this.json('DELETE', `/series/imports/${encodeURIComponent(importId)}`);

  get series(): Operations['series'] {
    return remoteSeries(this.door);
  }

  get runs(): Operations['runs'] {
    return remoteRuns(this.door);
  }

  async close(): Promise<void> {}

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await accepted(await this.request(method, path, body))).json() as Promise<T>;
  }

  private async request(method: string, path: string, body?: unknown): Promise<Response> {
    const { url, token, send } = this.options;
    const init: RequestInit = {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    for (let tried = 1; ; tried += 1) {
      try {
        return await send(`${url}/api/v1/house${path}`, init);
      } catch (error) {
        // What changes something may have been done before the connection was lost.
        if (method === 'GET' && tried < GET_TRIES && LOST.includes(codeOf(error))) continue;
        throw unanswered(url, error);
      }
    }
  }
}

/** A token of the client_credentials grant. */
export async function requestToken(
  { url, send }: Pick<RemoteOptions, 'url' | 'send'>,
  client: { readonly id: string; readonly secret: string },
): Promise<{ readonly access_token: string }> {
  const response = await send(`${url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret }),
  }).catch((error: unknown) => {
    throw unanswered(url, error);
  });
  return (await accepted(response)).json() as Promise<{ access_token: string }>;
}

async function accepted(response: Response): Promise<Response> {
  if (response.ok) return response;
  const parsed = refusal.safeParse(await response.json().catch(() => undefined));
  throw new CommandFailure(
    `refused with ${response.status}: ${parsed.success ? wordsOf(parsed.data) : 'no reason given'}`,
  );
}

function wordsOf(refused: z.infer<typeof refusal>): string {
  if ('error_description' in refused) return refused.error_description;
  if ('detail' in refused) return refused.detail;
  const { message, details } = refused.error;
  const fields = fieldList.safeParse(details);
  const problems = fields.success ? fields.data.map((one) => `\n  ${one.field}: ${one.message}`) : [];
  return `${message}${problems.join('')}`;
}

const chunksOf = (response: Response): AsyncIterable<Uint8Array> =>
  (response.body ?? new ReadableStream()) as unknown as AsyncIterable<Uint8Array>;
