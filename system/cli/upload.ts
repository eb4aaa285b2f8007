/** A file's way to a running product: a multipart body that is never whole in memory, and the events that come back. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import type { FileImport, FileImported, ImportStep } from './operations.ts';
import { CommandFailure } from './outcome.ts';
import { refusedFile } from './refused-file.ts';

const BOUNDARY = 'pitwall-tick-file-7f1c4e0a';
const PIECE_BYTES = 1 << 18;

const badLine = z.object({ line: z.number(), reason: z.string() });
const event = z.union([
  z.object({ status: z.literal('started') }),
  z.object({ status: z.literal('progress'), uploaded: z.number(), skipped: z.number() }),
  z.object({
    status: z.literal('completed'),
    success: z.boolean(),
    total_rows: z.number(),
    uploaded_rows: z.number(),
    skipped_rows: z.number(),
    duration: z.string(),
    bad_rows: z.number().default(0),
    bad_lines: z.array(badLine).default([]),
    layout: z.string().optional(),
    time_zone: z.string().optional(),
    message: z.string().optional(),
  }),
  z.object({
    status: z.string(),
    message: z.string().optional(),
    detail: z.string().optional(),
    bad_lines: z.array(badLine).default([]),
  }),
]);
type Completed = Extract<z.infer<typeof event>, { total_rows: number }>;

export interface Upload {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReadableStream<Uint8Array>;
}

/** `sent` hears how much of the file has left. */
export function uploadOf(file: FileImport, sent: (bytes: number) => void): Upload {
  const { path, symbol, skipDuplicates, zone, stampsStart } = file;
  const fields = {
    instrument: symbol,
    skip_duplicates: String(skipDuplicates),
    ...(zone && { time_zone: zone }),
    ...(stampsStart && { bars_stamped: 'start' }),
  };
  async function* parts(): AsyncGenerator<Uint8Array, void> {
    for (const [name, value] of Object.entries(fields))
      yield Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
    const fileName = basename(path).replace(/["\r\n\\]/g, '_');
    yield Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    );
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
      sent((piece as Buffer).length);
      yield piece as Buffer;
    }
    yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  }
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: ReadableStream.from(parts()) as ReadableStream<Uint8Array>,
  };
}

/** Reads the answer's events to the last one. */
export async function readUpload(
  chunks: AsyncIterable<Uint8Array>,
  onProgress: (step: Pick<ImportStep, 'uploaded' | 'skipped'>) => void,
): Promise<FileImported> {
  let completed: Completed | undefined;
  for await (const data of eventData(chunks)) {
    const parsed = event.safeParse(JSON.parse(data));
    if (!parsed.success) continue;
    const told = parsed.data;
    if ('uploaded' in told) onProgress(told);
    else if ('total_rows' in told) completed = told;
    else if (told.status !== 'started' && 'bad_lines' in told)
      throw refusedFile(told.message ?? told.detail ?? `the product answers ${told.status}`, told.bad_lines);
  }
  if (!completed) throw new CommandFailure('the product ended its answer before the import was over');
  if (!completed.success) throw refusedFile(completed.message ?? 'the product refused the file', completed.bad_lines);
  return {
    totalRows: completed.total_rows,
    uploadedRows: completed.uploaded_rows,
    skippedRows: completed.skipped_rows,
    badRows: completed.bad_rows,
    badLines: completed.bad_lines,
    duration: completed.duration,
    ...(completed.layout !== undefined && { layout: completed.layout }),
    ...(completed.time_zone !== undefined && { zone: completed.time_zone }),
  };
}

/** The data of each server-sent event. */
async function* eventData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) yield line.slice('data:'.length).trim();
  }
}
