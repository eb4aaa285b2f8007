/** Forms as clients send them, and tick files as people bring them. The same fields and file are the same bytes. All ticks are simulated. */
import type { Random } from '../runtime/ports.ts';

export interface FormFile {
  readonly field: string;
  readonly name: string;
  readonly text: string;
}

export interface SentForm {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

const BOUNDARY = 'a-form-of-a-simulated-world';
const encoder = new TextEncoder();

/** multipart/form-data: the fields first, then the file. */
export function formOf(fields: Readonly<Record<string, string>>, file?: FormFile): SentForm {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  if (file) {
    const { field, name, text } = file;
    const about = `Content-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: text/csv`;
    parts.push(`--${BOUNDARY}\r\n${about}\r\n\r\n${text}\r\n`);
  }
  const bytes = encoder.encode(`${parts.join('')}--${BOUNDARY}--\r\n`);
  return { bytes, contentType: `multipart/form-data; boundary=${BOUNDARY}` };
}

export interface TickLines {
  readonly ticks: number;
  /** Epoch milliseconds of the first one. */
  readonly startAt: number;
  readonly everyMs: number;
  /** Of the first one; each further one is a step up or down. */
  readonly price: number;
  readonly step: number;
}

const PLACES = 8;

/** `timestamp,price,volume` lines of an invented walk. */
export function tickText({ ticks, startAt, everyMs, price, step }: TickLines, random: Random): string {
  const lines = ['timestamp,price,volume'];
  let steps = 0;
  for (let index = 0; index < ticks; index += 1) {
    const at = new Date(startAt + index * everyMs).toISOString();
    const volume = 1 + Math.floor(random.next() * 4);
    lines.push(`${at},${Number(Math.max(step, price + steps * step).toFixed(PLACES))},${volume}`);
    steps += random.next() < 0.5 ? -1 : 1;
  }
  return `${lines.join('\n')}\n`;
}
