/**
 * A form with a file, as it comes in: fields in memory, the file on a spool, in whatever order they stand. Bounded in every way; a form
 * that breaks off leaves nothing.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import busboy from 'busboy';
import type { Spool } from '../../market/import/tick-files.ts';
import { addParameter, checkEncoding } from './body.ts';
import type { ApiCall } from './call.ts';
import { watchIdle } from './idle.ts';
import { invalid, notOffered, Problem, unavailable } from './problem.ts';
import type { TickDesk } from './tick-desk.ts';

const FIELDS_MAX = 64;
const FIELD_BYTES_MAX = 65_536;
/** What stands around the file. */
const FORM_BYTES_MAX = FIELDS_MAX * (FIELD_BYTES_MAX + 1_024);
/** Of the file as it is sent; what it unpacks to is bounded where it is read. */
export const FILE_BYTES_MAX = 300 * 1024 * 1024;

export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  /** The caller closes it. */
  readonly file: Spool | undefined;
  /** As the client calls it; it never becomes a path. */
  readonly fileName: string | undefined;
  /** SHA-256 of the file's bytes, in hex. */
  readonly fileHash: string | undefined;
}

/** What makes two forms the same: their fields, and every byte of their files. */
export const contentOf = ({ fields, fileHash }: Form): object => ({ fields, file: fileHash });

/** The connection is not closed at once: a client that is still sending would never see the answer. The server drains a bounded rest. */
const tooLarge = (): Problem => new Problem('too-large', `The file must not be larger than ${FILE_BYTES_MAX} bytes`);

/** A form that broke off, or that is none. A fault of our own that ended it stays what it is. */
const unreadable = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem('malformed', `The form can't be read: ${(error as Error).message}`);

interface Spooled {
  readonly file: Spool;
  readonly fileHash: string;
}

/** Called for each file of the form; the second one is refused by the bound of files. */
async function spoolFile(
  stream: Readable & { truncated?: boolean },
  desk: TickDesk,
  onReceived: (bytes: number) => void,
): Promise<Spooled> {
  // It may fail before anybody reads it.
  stream.on('error', () => undefined);
  const file = await desk.spool();
  if (!file) throw unavailable('Too many files are being uploaded at the same time');
  const hash = createHash('sha256');
  let received = 0;
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      hash.update(piece);
      await file.write(piece);
      received += piece.byteLength;
      onReceived(received);
    }
    if (stream.truncated) throw tooLarge();
    return { file, fileHash: hash.digest('hex') };
  } catch (error) {
    await file.close();
    // The parser's, not the spool's: the form ends before its file does.
    throw error === stream.errored ? unreadable(error) : error;
  }
}

function parserFor(contentType: string | undefined) {
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\s*(;|$)/i.test(contentType ?? '')) {
    throw new Problem('unsupported-type', 'Content-Type must be multipart/form-data', {
      headers: { Accept: 'multipart/form-data' },
    });
  }
  const limits = {
    ...{ fields: FIELDS_MAX, fieldSize: FIELD_BYTES_MAX, fieldNameSize: 200 },
    ...{ files: 1, parts: FIELDS_MAX + 1, headerPairs: 100, fileSize: FILE_BYTES_MAX },
  };
  try {
    return busboy({ headers: { 'content-type': contentType }, limits, defParamCharset: 'utf8' });
  } catch (error) {
    throw new Problem('malformed', `The form can't be read: ${(error as Error).message}`);
  }
}

/** Throws a Problem for what is not a form, too large, incomplete or no longer coming in. `onReceived`: bytes of the file so far, piece by piece. */
export async function readForm(
  { request, house, requestId }: Pick<ApiCall, 'request' | 'house' | 'requestId'>,
  fileField: string,
  onReceived: (bytes: number) => void = () => undefined,
): Promise<Form> {
  const { tickDesk: desk } = house;
  if (!desk) throw notOffered('This world takes no files');
  if (Number(request.headers.get('content-length')) > FILE_BYTES_MAX + FORM_BYTES_MAX) throw tooLarge();
  if (!request.body) throw new Problem('malformed', 'A form is required');
  checkEncoding(request);
  const parser = parserFor(request.headers.get('content-type') ?? undefined);
  const fields: Record<string, string> = {};
  const source = Readable.fromWeb(request.body as NodeStream);
  let fileName: string | undefined;
  let spooled: Promise<Spooled> | undefined;
  let problem: unknown;
  const fail = (reason: unknown): void => {
    problem ??= reason;
    source.destroy(reason as Error);
  };
  parser.on('field', (name, value, { valueTruncated, nameTruncated }) => {
    try {
      if (valueTruncated || nameTruncated) throw invalid([{ field: name, message: 'Is too long' }]);
      addParameter(fields, name, value);
    } catch (error) {
      fail(error);
    }
  });
  parser.on('file', (name, stream, info) => {
    if (name !== fileField) {
      stream.on('error', () => undefined).resume();
      return fail(invalid([{ field: name, message: 'Is no field for a file' }]));
    }
    stream.once('limit', () => fail(tooLarge()));
    fileName = info.filename;
    spooled = spoolFile(stream, desk, onReceived);
    spooled.catch(fail);
  });
  parser.on('filesLimit', () => fail(invalid([{ field: fileField, message: 'Must be one file' }])));
  for (const limit of ['fieldsLimit', 'partsLimit'] as const)
    parser.on(limit, () => fail(invalid([{ field: '', message: 'The form has too many parts' }])));
  source.once('error', (error) => {
    if (problem !== undefined) return;
    // Nobody of us ended it: the client has gone, as clients do.
    problem = unreadable(error);
    house.log.info('request.cut', { requestId, reason: error.message });
  });
  const endWatch = watchIdle(source, house.clock, fail);
  try {
    await pipeline(source, parser);
    return { fields, file: undefined, fileName, fileHash: undefined, ...(await spooled) };
  } catch (error) {
    const left = await spooled?.catch(() => undefined);
    await left?.file.close();
    if (problem instanceof Error) throw problem;
    throw unreadable(error);
  } finally {
    endWatch();
  }
}
