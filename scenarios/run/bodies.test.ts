/** What a step sends, and what the world knows of the files in it. */
import { expect, test } from 'vitest';
import { withoutAmbient } from '../ambient.ts';
import type { Upload } from '../exchange.ts';
import { type Step, stepSchema } from '../file/script-part.ts';
import { RunDesk } from '../testing/run-desk.ts';
import { sentBody } from './bodies.ts';

const upload = (step: object): Upload =>
  sentBody(stepSchema.parse({ at: '1s', call: 'POST /upload', ...step }) as Step, new Map(), '1') as Upload;
const fileOf = (step: object) => upload(step).options.file;

test('a file is known by its instrument, however the form spells it, and by its lines of data', () => {
  expect(fileOf({ form: { instrument: 'EUR_USD' }, file: { ticks: 30 } })).toEqual({ symbol: 'EURUSD', rows: 30 });
  const text = 'timestamp,price,volume\n2026-01-05T00:00:00Z,1,1\n2026-01-05T00:00:01Z,1,1\n';
  expect(fileOf({ form: { instrument: 'NQ' }, file: { text } })).toEqual({ symbol: 'NQ', rows: 2 });
});

test('a form without a file sends none, nor does one whose instrument nobody knows', () => {
  expect(fileOf({ form: { instrument: 'NQ' } })).toBeUndefined();
  expect(fileOf({ form: { instrument: 'NOTHING' }, file: { ticks: 30 } })).toBeUndefined();
  expect(fileOf({ file: { ticks: 30 } })).toBeUndefined();
});

test('a world keeps the files that somebody began to send, and no form without one', () =>
  withoutAmbient(async () => {
    const desk = await new RunDesk('files').open();
    const send = (step: object) => desk.reply(desk.person.insist('POST', '/api/upload-tick-data', upload(step)));
    expect((await send({ form: { instrument: 'NQ' } })).status).toBe(422);
    expect(desk.world.callers.filesSent).toEqual([]);
    expect((await send({ form: { instrument: 'NQ' }, file: { ticks: 30 } })).status).toBe(200);
    expect(desk.world.callers.filesSent).toEqual([{ symbol: 'NQ', rows: 30 }]);
  }));
