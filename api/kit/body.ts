/**
 * What comes in as bytes leaves as plain data, or not at all: bounded, UTF-8, of a declared type, without keys that reach a
 * prototype, without text that a database cannot hold.
 */
import { parseJson } from './json.ts';
import { invalid, Problem } from './problem.ts';

const BODY_BYTES_MAX = 1_048_576;
const DEPTH_MAX = 32;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const MEDIA_TYPE = /^\s*([a-z0-9.+-]+\/[a-z0-9.+-]+)\s*(?:;\s*charset\s*=\s*"?([a-z0-9-]+)"?\s*)?$/i;

/** `multipart` has fields only; a form with a file is read by kit/form.ts. */
export type BodyFormat = 'json' | 'form' | 'multipart';
const MULTIPART = /^\s*multipart\/form-data\s*;/i;
const NAMES: Readonly<Record<BodyFormat, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
};
const MEDIA_TYPES: Readonly<Record<string, BodyFormat>> = { [NAMES.json]: 'json', [NAMES.form]: 'form' };

const tooLarge = (): Problem =>
  new Problem('too-large', `Body must not be larger than ${BODY_BYTES_MAX} bytes`, {
    headers: { Connection: 'close' },
  });

async function arrived(request: Request): Promise<Uint8Array> {
  if (request.headers.get('content-length') !== null) return new Uint8Array(await request.arrayBuffer());
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length')) > BODY_BYTES_MAX) throw tooLarge();
  const bytes = await arrived(request).catch((fault) => {
    if (fault instanceof Problem) throw fault;
    // Who sent it is gone, which is nobody's error here.
    throw new Problem('malformed', 'The body ended before it was whole');
  });
  if (bytes.length > BODY_BYTES_MAX) throw tooLarge();
  return bytes;
}

/** What is packed would be read as if it were not. */
export function checkEncoding({ headers }: Request): void {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return;
  throw new Problem('unsupported-type', 'A body must not have a Content-Encoding', {
    headers: { 'Accept-Encoding': 'identity' },
  });
}

function formatOf(contentType: string | null, formats: readonly BodyFormat[]): BodyFormat {
  if (formats.includes('multipart') && MULTIPART.test(contentType ?? '')) return 'multipart';
  const [, mediaType, charset] = MEDIA_TYPE.exec(contentType ?? '') ?? [];
  const format = mediaType === undefined ? undefined : MEDIA_TYPES[mediaType.toLowerCase()];
  const readable = charset === undefined || charset.toLowerCase() === 'utf-8';
  if (!format || !formats.includes(format) || !readable) {
    const wanted = formats.map((one) => NAMES[one]);
    const message = `Content-Type must be ${wanted.join(' or ')}`;
    throw new Problem('unsupported-type', message, { headers: { Accept: wanted.join(', ') } });
  }
  return format;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new Problem('malformed', 'Body is not valid UTF-8');
  }
}

/** Undefined for an empty body. */
export async function readBody(request: Request, formats: readonly BodyFormat[]): Promise<unknown> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  checkEncoding(request);
  const contentType = request.headers.get('content-type');
  const format = formatOf(contentType, formats);
  if (format === 'multipart') return fieldsOf(bytes, contentType as string);
  const text = decode(bytes);
  const value = format === 'json' ? parseJson(text) : parametersOf(text);
  checkData(value);
  return value;
}

async function fieldsOf(bytes: Uint8Array, contentType: string): Promise<Record<string, string>> {
  const headers = { 'content-type': contentType };
  const form = await new Response(Buffer.from(bytes), { headers }).formData().catch(() => {
    throw new Problem('malformed', 'Body is not a valid form');
  });
  const fields: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value !== 'string') throw invalid([{ field: name, message: 'Must not be a file' }]);
    addParameter(fields, name, value);
  }
  return fields;
}

export function checkText(text: string, field: string): void {
  if (text.includes('\0') || !text.isWellFormed()) {
    throw invalid([{ field, message: 'Must not contain NUL or lone surrogates' }]);
  }
}

/** Throws for what JSON can hold and the house does not take. */
export function checkData(value: unknown, field = '', depth = 0): void {
  if (typeof value === 'string') checkText(value, field);
  if (value === null || typeof value !== 'object') return;
  if (depth === DEPTH_MAX) throw invalid([{ field, message: `Must not be nested deeper than ${DEPTH_MAX} levels` }]);
  for (const [key, inner] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw invalid([{ field, message: `Field ${key} is not allowed` }]);
    checkText(key, field);
    checkData(inner, field === '' ? key : `${field}.${key}`, depth + 1);
  }
}

/** One given twice is refused, since two readers could read two values. */
export function addParameter(parameters: Record<string, string>, name: string, value: string): void {
  if (FORBIDDEN_KEYS.has(name) || Object.hasOwn(parameters, name)) {
    throw invalid([{ field: name, message: 'Must be given once' }]);
  }
  checkText(value, name);
  parameters[name] = value;
}

/** Throws where percent signs spell bytes that are no text, which a reader would quietly take for other text. A percent sign alone is one. */
function checkEscapes(text: string): void {
  for (const part of text.split('&')) {
    try {
      decodeURIComponent(part.replace(/%(?![\da-f]{2})/gi, '%25'));
    } catch {
      const [field = ''] = new URLSearchParams(part).keys();
      throw invalid([{ field, message: 'Must be valid UTF-8' }]);
    }
  }
}

/** Parameters of a query or a form. */
export function parametersOf(text: string): Record<string, string> {
  if (text.includes('%')) checkEscapes(text);
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(text)) addParameter(parameters, name, value);
  return parameters;
}
