/**
 * The upload of tick files. What can be said of a request before its file is read is said by the status; from then on by events, the last of
 * which says what became of it. A connection that is cut while the file is read stores nothing.
 */
import { z } from '@hono/zod-openapi';
import { findInstrument } from '../../domain/instrument.ts';
import type { ImportCounts, ImportProgress, ImportResult } from '../../market/import/outcome.ts';
import type { TickFile } from '../../market/import/tick-files.ts';
import { ZONES } from '../../market/importers/zones.ts';
import type { ApiCall } from '../kit/call.ts';
import { EVENT_HEADERS, EVENT_STREAM, EventStream } from '../kit/event-stream.ts';
import { type Form, readForm } from '../kit/form.ts';
import { invalid, Problem, problemOf, unavailable } from '../kit/problem.ts';
import { type Route, route, TRADERS, UNLIMITED } from '../kit/route.ts';
import type { TickDesk, TickImport } from '../kit/tick-desk.ts';
import { validate } from '../kit/validate.ts';
import { flag } from './accounts.ts';
import { orcaSurface as surface } from './surface.ts';

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
async function fileOf(desk: TickDesk, { file }: Form, path: string | undefined): Promise<TickFile> {
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

function lastEvent(result: ImportResult, durationMs: number) {
  const counts = countsOf(result, durationMs);
  return result.outcome === 'stored'
    ? { status: 'completed', success: true, ...counts }
    : { status: 'failed', success: false, message: result.reason, code: result.code, ...counts };
}

/** Runs beside the answer; every end of it is the stream's last event. */
function follow({ house, requestId }: ApiCall, desk: TickDesk, file: TickFile, what: TickImport): EventStream {
  const left = new AbortController();
  const events = new EventStream(() => left.abort(new Error('the client has gone')));
  events.send({ status: 'started', message: 'Upload started', instrument: what.series });
  const startedMs = house.clock.monotonic();
  const tookMs = (): number => house.clock.monotonic() - startedMs;
  const run = async (): Promise<void> => {
    try {
      const result = await desk.read(file, what, (progress) => events.offer(progressOf(progress)), left.signal);
      events.send(lastEvent(result, tookMs()));
    } catch (error) {
      if (left.signal.aborted) return;
      house.log.error('upload.failed', { requestId, fault: error instanceof Error ? error.stack : String(error) });
      const nothing = { totalRows: 0, uploadedRows: 0, skippedRows: 0, duplicateRows: 0, badRows: 0, badLines: [] };
      const { message } = problemOf(error);
      events.send({ status: 'failed', success: false, message, ...countsOf(nothing, tookMs()) });
    } finally {
      // Nobody hears of a failure here any more.
      await file.close().catch((error: unknown) => {
        house.log.error('upload.not-closed', { requestId, fault: String(error) });
      });
      events.close();
    }
  };
  void run();
  return events;
}

async function upload(call: ApiCall) {
  const { tickDesk: desk } = call.house;
  if (!desk) throw unavailable('This world takes no files');
  const form = await readForm(call, 'file');
  let file: TickFile | undefined = form.file;
  try {
    const fields = validate(uploadFields, form.fields);
    const series = symbolOf(desk, fields.instrument);
    file = await fileOf(desk, form, fields.file_path);
    const { skip_duplicates: skipDuplicates, time_zone: zone, bars_stamped: stamped } = fields;
    const what = { series, skipDuplicates, takesBars: true, zone, stampsStart: stamped === 'start' };
    const { body } = follow(call, desk, file, what);
    return { status: 200, body, headers: EVENT_HEADERS } as const;
  } catch (error) {
    await file?.close();
    throw error;
  }
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
