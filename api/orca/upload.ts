/**
 * The upload of tick files. What can be said of a request before its file is read is said by the status; from then on, or once a file has been
 * arriving for a second, by events, the last of which says what became of it. A connection that is cut in between stores nothing.
 */
import { z } from '@hono/zod-openapi';
import { findInstrument } from '../../domain/instrument.ts';
import type { ImportCounts, ImportProgress, ImportResult } from '../../market/import/outcome.ts';
import type { TickFile } from '../../market/import/tick-files.ts';
import { ZONES } from '../../market/importers/zones.ts';
import type { ApiCall } from '../kit/call.ts';
import { EVENT_HEADERS, EVENT_STREAM, EventStream } from '../kit/event-stream.ts';
import { type Form, readForm } from '../kit/form.ts';
import { invalid, notOffered, Problem, problemOf } from '../kit/problem.ts';
import { type Route, route, TRADERS, UNLIMITED } from '../kit/route.ts';
import type { TickDesk, TickImport } from '../kit/tick-desk.ts';
import { validate } from '../kit/validate.ts';
import { flag } from './accounts.ts';
import { Arrival } from './arrival.ts';
import { chosenFile, filledIn } from './filled-form.ts';
import { detailOf, orcaSurface as surface } from './surface.ts';

const uploadFields = z.object({
  instrument: z.string().min(1).max(40),
  file_path: z.string().min(1).max(4_096).optional(),
  /** The content tells whether there is a header; the field is checked, and nothing depends on it. */
  has_header: flag(true),
  skip_duplicates: flag(true),
  supabase_target: z.string().max(100).optional(),
  time_zone: z.enum(ZONES).optional(),
  bars_stamped: z.enum(['start', 'as_written']).default('as_written'),
});

/** Reads the file that was sent or named; the caller closes it. */
async function fileOf(desk: TickDesk, file: TickFile | undefined, path: string | undefined): Promise<TickFile> {
  if (file && path !== undefined) throw invalid([{ field: 'file_path', message: 'Give file or file_path, not both' }]);
  if (file) return file;
  if (path === undefined) throw invalid([{ field: 'file', message: 'Give file or file_path' }]);
  const found = await desk.open(path);
  if (found.outcome === 'not-allowed') throw new Problem('forbidden', 'file_path is outside the import folder');
  if (found.outcome === 'not-found') throw new Problem('not-found', `There is no file ${path} in the import folder`);
  return found.file;
}

function symbolOf(desk: TickDesk, spelling: string): string {
  const instrument = findInstrument(spelling);
  if (!instrument) throw invalid([{ field: 'instrument', message: `Unknown instrument ${spelling}` }]);
  if (desk.isBusy(instrument.symbol))
    throw new Problem('conflict', `Another upload of ${instrument.symbol} is under way: try again when it has ended`);
  return instrument.symbol;
}

const progressOf = ({ batch, uploaded, skipped }: ImportProgress) => ({ status: 'progress', batch, uploaded, skipped });

const countsOf = ({ totalRows, uploadedRows, skippedRows, badRows, badLines }: ImportCounts, durationMs: number) => ({
  total_rows: totalRows,
  uploaded_rows: uploadedRows,
  skipped_rows: skippedRows,
  duration: `${(durationMs / 1_000).toFixed(1)}s`,
  bad_rows: badRows,
  bad_lines: badLines,
});

/** A layout that says nothing of its clock was read as UTC: who uploads has to see that. */
function lastEvent(result: ImportResult, durationMs: number) {
  const counts = countsOf(result, durationMs);
  return result.outcome === 'stored'
    ? { status: 'completed', success: true, ...counts, layout: result.layout, time_zone: result.zone }
    : { status: 'failed', success: false, message: result.reason, code: result.code, ...counts };
}

const NOTHING: ImportCounts = {
  ...{ totalRows: 0, uploadedRows: 0, skippedRows: 0, duplicateRows: 0, badRows: 0, badLines: [] },
};

interface Brought {
  readonly file: TickFile;
  readonly what: TickImport;
}

/** What the form brings, checked. The caller closes the file; where this throws it is closed. */
async function broughtBy(desk: TickDesk, form: Form): Promise<Brought> {
  const chosen = await chosenFile(form);
  let file: TickFile | undefined = chosen;
  try {
    const fields = validate(filledIn(uploadFields), form.fields);
    const series = symbolOf(desk, fields.instrument);
    file = await fileOf(desk, chosen, fields.file_path);
    const { skip_duplicates: skipDuplicates, time_zone: zone, bars_stamped: stamped } = fields;
    const facts = { zone, stampsStart: stamped === 'start', fileName: chosen ? form.fileName : fields.file_path };
    return { file, what: { series, skipDuplicates, takesBars: true, ...facts } };
  } catch (error) {
    await file?.close();
    throw error;
  }
}

/** The answer's events, and whether anybody still reads them. */
class Story {
  private readonly left = new AbortController();
  private readonly startedMs: number;
  readonly events = new EventStream(() => this.left.abort(new Error('the client has gone')));

  constructor(
    private readonly call: ApiCall,
    private readonly desk: TickDesk,
  ) {
    this.startedMs = call.house.clock.monotonic();
  }

  /** Runs beside the answer; every end of it is the stream's last event. */
  async tell(bring: () => Promise<Brought>): Promise<void> {
    const { events, left, desk } = this;
    let file: TickFile | undefined;
    try {
      const brought = await bring();
      file = brought.file;
      const tell = (progress: ImportProgress): void => events.offer(progressOf(progress));
      const result = await desk.read(file, brought.what, tell, left.signal);
      events.send(lastEvent(result, this.tookMs));
    } catch (error) {
      if (!left.signal.aborted) this.failed(error);
    } finally {
      // Nobody hears of a failure here any more.
      await file?.close().catch((error: unknown) => this.log('upload.not-closed', String(error)));
      events.close();
    }
  }

  private get tookMs(): number {
    return this.call.house.clock.monotonic() - this.startedMs;
  }

  private failed(error: unknown): void {
    const problem = problemOf(error);
    if (problem.status >= 500) this.log('upload.failed', error instanceof Error ? error.stack : String(error));
    const message = detailOf(problem);
    this.events.send({ status: 'failed', success: false, message, ...countsOf(NOTHING, this.tookMs) });
  }

  private log(what: string, fault: string | undefined): void {
    const { house, requestId } = this.call;
    house.log.error(what, { requestId, fault });
  }
}

/** Of a file that is not whole yet nothing is stored: its progress is in bytes. `total_bytes`: null where the request does not say its length. */
const arrivalEvent = (received_bytes: number, total_bytes: number | null) => ({
  ...{ status: 'progress', batch: 0, uploaded: 0, skipped: 0, received_bytes, total_bytes },
});

async function upload(call: ApiCall) {
  const { tickDesk: desk, clock } = call.house;
  if (!desk) throw notOffered('This world takes no files');
  const arrival = new Arrival(clock);
  const form = readForm(call, 'file', arrival.receive);
  const whole = await Promise.race([form, arrival.isSlow]);
  const story = new Story(call, desk);
  const { events } = story;
  if (whole) {
    const brought = await broughtBy(desk, whole);
    events.send({ status: 'started', message: 'Upload started', instrument: brought.what.series });
    void story.tell(async () => brought);
  } else {
    events.send({ status: 'started', message: 'Upload started' });
    const length = call.request.headers.get('content-length');
    const total = length === null ? null : Number(length);
    arrival.follow((received) => events.offer(arrivalEvent(received, total)));
    void story.tell(async () => broughtBy(desk, await form));
  }
  return { status: 200, body: events.body, headers: EVENT_HEADERS } as const;
}

export const uploadRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/upload-tick-data',
    surface,
    policy: TRADERS,
    rateLimit: UNLIMITED,
    tag: 'Data',
    summary: 'Upload a tick file and follow its import as server-sent events',
    form: uploadFields.extend({ file: z.string().optional().openapi({ type: 'string', format: 'binary' }) }),
    responses: { 200: { contentType: EVENT_STREAM } },
    refusals: [400, 404, 409],
  })((call) => upload(call as ApiCall)),
];
