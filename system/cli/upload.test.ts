/** The upload of a file and the events that answer it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readUpload, uploadOf } from './upload.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-upload-'));
afterAll(() => rmSync(home, { recursive: true }));

async function* chunksOf(text: string, size = 7): AsyncGenerator<Uint8Array, void> {
  for (let from = 0; from < text.length; from += size) yield Buffer.from(text.slice(from, from + size));
}

const events = (...all: readonly object[]): string => all.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('');
const completed = {
  status: 'completed',
  success: true,
  total_rows: 10,
  uploaded_rows: 7,
  skipped_rows: 3,
  duration: '0.1s',
  layout: 'columns by name',
  time_zone: 'UTC',
};

test('a file is sent as a form that every multipart reader understands, piece by piece', async () => {
  const path = join(home, 'NQ "1".txt');
  const content = 'x;1\r\n'.repeat(120_000);
  writeFileSync(path, content);
  let sent = 0;
  const file = {
    path,
    sizeBytes: content.length,
    symbol: 'NQ',
    skipDuplicates: true,
    zone: 'America/Chicago',
    stampsStart: true,
  } as const;
  const { headers, body } = uploadOf(file, (bytes) => {
    sent += bytes;
  });
  const form = await new Response(body, { headers }).formData();
  const fields = ['instrument', 'skip_duplicates', 'time_zone', 'bars_stamped'].map((name) => form.get(name));
  expect(fields).toEqual(['NQ', 'true', 'America/Chicago', 'start']);
  const received = form.get('file') as File;
  expect(received.name).toBe('NQ _1_.txt');
  expect(await received.text()).toBe(content);
  expect(sent).toBe(content.length);
});

test('progress is told as it comes, and the last event is the result', async () => {
  const steps: unknown[] = [];
  const text = events(
    { status: 'started', message: 'x' },
    { status: 'progress', batch: 1, uploaded: 5, skipped: 2 },
    { status: 'new' },
    completed,
  );
  await expect(
    readUpload(chunksOf(text.replace('{"status":"new"}', 'null')), (step) => steps.push(step)),
  ).resolves.toMatchObject({
    ...{ totalRows: 10, uploadedRows: 7, skippedRows: 3, badRows: 0, badLines: [], duration: '0.1s' },
    ...{ layout: 'columns by name', zone: 'UTC' },
  });
  expect(steps).toMatchObject([{ uploaded: 5, skipped: 2 }]);
});

test('a refusal is a failure with its bad lines, and an answer that breaks off is one, too', async () => {
  const bad = { status: 'failed', message: '3 of 10 lines are bad', bad_lines: [{ line: 4, reason: 'not a time' }] };
  await expect(readUpload(chunksOf(events(bad)), () => undefined)).rejects.toThrow(
    'nothing was stored: 3 of 10 lines are bad\n  line 4: not a time',
  );
  await expect(readUpload(chunksOf(events({ ...completed, success: false })), () => undefined)).rejects.toThrow(
    'nothing was stored',
  );
  await expect(readUpload(chunksOf(events({ status: 'started' })), () => undefined)).rejects.toThrow(
    'before the import was over',
  );
});
