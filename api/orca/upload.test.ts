/** Uploads: what the events say, what refuses a file before and while it is read, and that a refusal stores nothing. */
import { describe, expect, it } from 'vitest';
import { SPOOLS_MAX } from '../../market/import/tick-files.ts';
import { DEMO, World } from '../testing/samples.ts';
import { type DeskHouse, eventsOf, houseWithDesk, tickLines } from './testing/desk.ts';

type Fields = Readonly<Record<string, string | Blob>>;

async function send(desk: DeskHouse, fields: Fields, as = DEMO) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.set(name, value);
    else form.set(name, value, value instanceof File ? value.name : 'ticks.csv');
  }
  const world = new World(desk.house);
  const init = { method: 'POST', body: form, headers: { authorization: `Bearer ${as}` } };
  const response = await world.api.app.request('/api/upload-tick-data', init);
  const text = await response.text();
  const isEvents = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  return {
    status: response.status,
    events: isEvents ? eventsOf(text) : [],
    body: isEvents ? undefined : JSON.parse(text),
  };
}

const file = (text: string) => new Blob([text]);

describe('an upload', () => {
  it('says that it began and what became of it, and stores every tick', async () => {
    const desk = houseWithDesk();
    const { status, events } = await send(desk, { file: file(tickLines(1_000)), instrument: 'NQ' });
    expect(status).toBe(200);
    expect(events[0]).toMatchObject({ status: 'started' });
    expect(events.at(-1)).toEqual({
      ...{ status: 'completed', success: true, total_rows: 1_000, uploaded_rows: 1_000, skipped_rows: 0 },
      ...{ duration: '0.0s', bad_rows: 0, bad_lines: [], layout: 'columns by name', time_zone: 'UTC' },
    });
    expect(events.slice(1, -1).every((event) => event.status === 'progress' && 'batch' in event)).toBe(true);
    expect(await desk.stored()).toBe(1_000);
    expect(desk.files.openSpools).toBe(0);
  });

  it('takes fields before and behind the file, and any spelling of an instrument', async () => {
    const desk = houseWithDesk();
    await send(desk, { instrument: 'nqz5', skip_duplicates: 'true', file: file(tickLines(10)), has_header: 'false' });
    expect(await desk.stored('NQZ5')).toBe(10);
  });

  it('takes what a browser sends of an empty field, or of no file, as absent', async () => {
    const desk = houseWithDesk(new Map([['t.csv', Buffer.from(tickLines(10))]]));
    const empty = { skip_duplicates: '', has_header: '', supabase_target: '', time_zone: '', bars_stamped: '' };
    const sent = await send(desk, { ...empty, file: file(tickLines(10)), instrument: 'NQ', file_path: '' });
    expect(sent.events.at(-1)).toMatchObject({ success: true, uploaded_rows: 10, time_zone: 'UTC' });
    const none = new File([], '');
    const named = await send(desk, { ...empty, file: none, instrument: 'ES', file_path: 't.csv' });
    expect(named.events.at(-1)).toMatchObject({ success: true, uploaded_rows: 10 });
    const detail = 'file: Give file or file_path';
    expect(await send(desk, { ...empty, file: none, instrument: 'ES' })).toMatchObject({
      status: 422,
      body: { detail },
    });
    expect((await send(desk, { file: file(tickLines(10)), instrument: '' })).status).toBe(422);
    expect(desk.files.openSpools).toBe(0);
  });

  it('says by which layout and clock a file was read, since two writers may share a shape and not a clock', async () => {
    const desk = houseWithDesk();
    const kibot = { file: file('12/16/2019,09:30:00.003,8572.25,1\n'), instrument: 'NQ' };
    const told = async (more: Fields) => (await send(desk, { ...kibot, ...more })).events.at(-1);
    expect(await told({})).toMatchObject({ layout: 'Kibot or Tick Data ticks', time_zone: 'UTC' });
    expect(await told({ time_zone: 'America/New_York' })).toMatchObject({ time_zone: 'America/New_York' });
  });

  it('knows bars that are stamped at their start from those stamped at their end', async () => {
    const desk = houseWithDesk();
    const day = `20250102 143000;10;14;9;12;5\n20250102 143100;10;14;9;12;5\n`;
    const sendDay = (more: Fields) => send(desk, { file: file(day), instrument: 'NQ', ...more });
    expect((await sendDay({})).events.at(-1)).toMatchObject({ uploaded_rows: 2, skipped_rows: 0 });
    // One minute later: one of the two is known.
    expect((await sendDay({ bars_stamped: 'start' })).events.at(-1)).toMatchObject({
      uploaded_rows: 1,
      skipped_rows: 1,
    });
    expect((await sendDay({ bars_stamped: 'middle' })).status).toBe(422);
  });

  it('takes bars as well, and counts them', async () => {
    const desk = houseWithDesk();
    const bars = Array.from({ length: 90 }, (_, n) => `${Date.UTC(2025, 0, 2, 0, n)},100,102,99,101,5`);
    const fields = { file: file(`timestamp,open,high,low,close,volume\n${bars.join('\n')}\n`), instrument: 'NQ' };
    const { events } = await send(desk, fields);
    expect(events.at(-1)).toMatchObject({ success: true, total_rows: 90, uploaded_rows: 90, skipped_rows: 0 });
    expect((await send(desk, fields)).events.at(-1)).toMatchObject({ uploaded_rows: 0, skipped_rows: 90 });
    expect(await desk.stored()).toBe(0);
  });

  it('skips what is stored already, unless duplicates are wanted', async () => {
    const desk = houseWithDesk();
    const fields = { file: file(tickLines(100)), instrument: 'ES' };
    await send(desk, fields);
    const again = await send(desk, fields);
    expect(again.events.at(-1)).toMatchObject({ success: true, uploaded_rows: 0, skipped_rows: 100, total_rows: 100 });
    const wanted = await send(desk, { ...fields, skip_duplicates: 'false' });
    expect(wanted.events.at(-1)).toMatchObject({ uploaded_rows: 100, skipped_rows: 0 });
    expect(await desk.stored('ES')).toBe(200);
  });

  it('names the bad lines, up to one in a hundred; above that it fails and stores nothing', async () => {
    const desk = houseWithDesk();
    const few = tickLines(1_000, (index) => (index === 4 ? '2025-01-02T14:30:04Z,-5,1' : undefined));
    const good = await send(desk, { file: file(few), instrument: 'NQ' });
    expect(good.events.at(-1)).toMatchObject({
      ...{ success: true, uploaded_rows: 999, skipped_rows: 1, bad_rows: 1 },
      bad_lines: [{ line: 6, reason: expect.stringContaining('price') }],
    });
    const many = tickLines(100, (index) => (index < 2 ? 'nonsense' : undefined));
    const { status, events } = await send(desk, { file: file(many), instrument: 'ES' });
    expect(status).toBe(200);
    expect(events.at(-1)).toMatchObject({
      ...{ status: 'failed', success: false, uploaded_rows: 0, bad_rows: 2, total_rows: 100 },
      message: expect.stringContaining('2 of 100 lines are bad'),
    });
    expect(await desk.imports()).toBe(1);
  });

  it('counts what is more than a day later than now among the bad lines, in ticks and in bars', async () => {
    const desk = houseWithDesk();
    const tomorrow = desk.house.clock.wallNow() + 86_400_000;
    const refused = { line: 102, reason: 'more than a day later than it is now' };
    const rows = (instrument: string, header: string, values: string, everyMs: number) => {
      const lines = Array.from({ length: 101 }, (_, index) => `${tomorrow + (index - 99) * everyMs},${values}`);
      return { file: file(`${[header, ...lines].join('\n')}\n`), instrument };
    };
    for (const fields of [
      rows('NQ', 'timestamp,price,volume', '21000.25,1', 1),
      rows('ES', 'timestamp,open,high,low,close,volume', '100,102,99,101,5', 60_000),
    ])
      expect((await send(desk, fields)).events.at(-1)).toMatchObject({
        ...{ success: true, uploaded_rows: 100, bad_rows: 1, bad_lines: [refused] },
      });
    const later = tickLines(10).replaceAll('2025-', '2095-');
    expect((await send(desk, { file: file(later), instrument: 'ES' })).events.at(-1)).toMatchObject({
      ...{ success: false, bad_rows: 10, uploaded_rows: 0 },
      message: expect.stringContaining('10 of 10 lines are bad'),
    });
  });

  it('of something that is no tick file fails by name', async () => {
    const desk = houseWithDesk();
    for (const text of ['', 'hello\nworld\n', 'PK\u0003\u0004 an archive'])
      expect((await send(desk, { file: file(text), instrument: 'NQ' })).events.at(-1)).toMatchObject({
        status: 'failed',
        success: false,
        message: expect.any(String),
      });
    expect(await desk.imports()).toBe(0);
  });
});

describe('a file of NinjaTrader', () => {
  const lines = '20250102 143000 0000000;21000.25;3\n20250102 143001 0000000;21000.5;1\n';
  const named = async (name: string, as: 'file' | 'path') => {
    const desk = houseWithDesk(new Map([[name, Buffer.from(lines)]]));
    const what = as === 'file' ? { file: new File([lines], name) } : { file_path: name };
    const { events } = await send(desk, { ...what, instrument: 'NQ' });
    return { last: events.at(-1), stored: await desk.stored() };
  };
  it.each(['file', 'path'] as const)(
    'that holds one side of quotes is no series of trades, by its name (%s)',
    async (as) => {
      for (const name of ['NQ 03-25.Bid.txt', 'NQ 03-25.ask.txt.gz'])
        expect(await named(name, as)).toMatchObject({
          last: { status: 'failed', code: 'one-sided', message: expect.stringContaining('*.Last.txt') },
          stored: 0,
        });
      expect(await named('NQ 03-25.Last.txt', as)).toMatchObject({ last: { success: true }, stored: 2 });
    },
  );
});

describe('a request that is not valid', () => {
  it('is refused before its file is read', async () => {
    const desk = houseWithDesk();
    const ticks = file(tickLines(10));
    const refused = async (fields: Fields, status: number, detail: string, as = DEMO) =>
      expect(await send(desk, fields, as)).toMatchObject({ status, body: { detail, status_code: status } });
    await refused({ file: ticks }, 422, 'instrument: Required');
    await refused({ file: ticks, instrument: 'TULIPS' }, 422, 'instrument: Unknown instrument TULIPS');
    await refused({ instrument: 'NQ' }, 422, 'file: Give file or file_path');
    await refused(
      { file: ticks, file_path: 'a', instrument: 'NQ' },
      422,
      'file_path: Give file or file_path, not both',
    );
    await refused({ file: ticks, instrument: 'NQ', has_header: 'perhaps' }, 422, 'has_header: Must be true or false');
    await refused({ ticks, instrument: 'NQ' }, 422, 'ticks: Is no field for a file');
    await refused({ file: ticks, instrument: 'N\0Q' }, 422, 'instrument: Must not contain NUL or lone surrogates');
    expect([desk.files.openSpools, await desk.imports()]).toEqual([0, 0]);
  });

  it('needs a token that may trade, and a form', async () => {
    const desk = houseWithDesk();
    expect((await send(desk, {}, 'nobody')).status).toBe(401);
    const world = new World(desk.house);
    const viewer = await world.token('user-1', 'viewer');
    expect((await send(desk, { instrument: 'NQ' }, viewer)).status).toBe(403);
    const json = await world.call('POST', '/api/upload-tick-data', { body: { instrument: 'NQ' } });
    expect([json.status, json.body]).toEqual([
      415,
      { detail: 'Content-Type must be multipart/form-data', status_code: 415 },
    ]);
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const packed = { ...headers, 'content-encoding': 'gzip' };
    expect((await world.call('POST', '/api/upload-tick-data', { body: '--x--', headers: packed })).status).toBe(415);
    const torn = await world.call('POST', '/api/upload-tick-data', { body: '--x\r\nContent-Disp', headers });
    expect(torn.status).toBe(400);
    const tornFile = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\ntimestamp,price\n1';
    const cut = await world.call('POST', '/api/upload-tick-data', { body: tornFile, headers });
    expect([cut.status, desk.house.logged, desk.files.openSpools]).toEqual([400, [], 0]);
  });
});

describe('a named file', () => {
  const named = new Map([['nq.csv', Buffer.from(tickLines(20))]]);
  it('is read from the import folder only', async () => {
    const desk = houseWithDesk(named);
    const { events } = await send(desk, { file_path: 'nq.csv', instrument: 'NQ' });
    expect(events.at(-1)).toMatchObject({ success: true, uploaded_rows: 20 });
    expect((await send(desk, { file_path: '../nq.csv', instrument: 'NQ' })).status).toBe(403);
    expect((await send(desk, { file_path: 'es.csv', instrument: 'NQ' })).status).toBe(404);
    expect((await send(houseWithDesk(), { file_path: 'nq.csv', instrument: 'NQ' })).status).toBe(403);
  });
});

describe('two at the same time', () => {
  it('of one instrument: the second is refused by name; of two instruments both pass', async () => {
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const desk = houseWithDesk(named(), (files) => ({
      spool: () => files.spool(),
      async open(path) {
        const found = await files.open(path);
        if (found.outcome !== 'opened') return found;
        const { file: inner } = found;
        async function* bytes(): AsyncGenerator<Uint8Array, void> {
          await gate;
          yield* inner.bytes();
        }
        return { outcome: 'opened', file: { ...inner, bytes } };
      },
    }));
    const first = send(desk, { file_path: 'nq.csv', instrument: 'NQ' });
    while (!desk.house.tickDesk?.isBusy('NQ')) await new Promise((resolve) => setImmediate(resolve));
    const second = await send(desk, { file: file(tickLines(10)), instrument: 'NQ' });
    expect([second.status, second.body.detail]).toEqual([409, expect.stringContaining('Another upload of NQ')]);
    const other = await send(desk, { file: file(tickLines(10)), instrument: 'ES' });
    expect(other.events.at(-1)).toMatchObject({ success: true });
    goOn();
    expect((await first).events.at(-1)).toMatchObject({ success: true, uploaded_rows: 20 });
    expect((await send(desk, { file_path: 'nq.csv', instrument: 'NQ' })).events.at(-1)).toMatchObject({
      skipped_rows: 20,
    });
  });

  it('are bounded in their number', async () => {
    const desk = houseWithDesk();
    for (let count = 0; count < SPOOLS_MAX; count += 1) await desk.files.spool();
    expect((await send(desk, { file: file(tickLines(1)), instrument: 'NQ' })).status).toBe(503);
  });
});

const named = () => new Map([['nq.csv', Buffer.from(tickLines(20))]]);
