/**
 * Reads one line of bytes as a tick, after a plan. A line is never repaired. The row lives in the reader and is overwritten by the
 * next line: no line makes an object. A crossed quote is read as it is, because one in ten of a real file may be.
 */
import { BookTop } from './book-top.ts';
import { Cursor, timesFactor } from './cursor.ts';
import { OneInstrument } from './one-instrument.ts';
import { OUTCOME, type Outcome } from './outcome.ts';
import type { Field, Plan } from './plan.ts';
import { Stamps } from './stamps.ts';

export class TickRow {
  atMs = 0;
  subMsNs = 0;
  /** Units of 1e-8, as all prices here. */
  price = 0;
  bid = 0;
  ask = 0;
  volume = 0;
}

const BAD = -1;
/** No byte has it. */
const NO_ENTRY = -2;
const TRUE = 't'.charCodeAt(0);
/** Letters count without case; digits have this bit anyway. */
const LOWER_CASE = 0x20;
const codeOf = (text: string | undefined): number => text?.toLowerCase().charCodeAt(0) ?? NO_ENTRY;

export class TickReader {
  readonly row = new TickRow();
  readonly instrument: OneInstrument | undefined;
  private readonly cursor: Cursor;
  private readonly stamps: Stamps;
  private readonly fields: readonly Field[];
  private readonly carries: boolean;
  private readonly hasFactor: boolean;
  private readonly complete: () => Outcome;
  private readonly lastEntry: number;
  private readonly bidEntry: number;
  private readonly askEntry: number;
  private price = 0;
  private bid = 0;
  private ask = 0;
  private volume = 0;
  private entry = 0;
  private factor = 0;
  private isSnapshot = false;
  private readonly book: BookTop | undefined;

  constructor({ delimiter, zone, fields, entries, kind, carries = false, tellsLevels }: Plan) {
    this.cursor = new Cursor(delimiter.charCodeAt(0));
    this.stamps = new Stamps(zone);
    this.fields = fields.slice(0, fields.findLastIndex((field) => field !== 'skip') + 1);
    this.instrument = OneInstrument.of(this.fields);
    this.carries = carries;
    this.hasFactor = fields.includes('factor');
    this.lastEntry = codeOf(entries?.last);
    this.bidEntry = codeOf(entries?.bid);
    this.askEntry = codeOf(entries?.ask);
    const completions = { prints: this.completePrint, quotes: this.completeQuote, both: this.completeBoth };
    this.book = tellsLevels ? new BookTop() : undefined;
    if (this.book) this.complete = this.completeLevel;
    else this.complete = entries ? this.completeEntry : completions[kind];
  }

  read(bytes: Uint8Array, from: number, to: number): Outcome {
    const { cursor, fields, row, stamps } = this;
    cursor.bytes = bytes;
    cursor.pos = from;
    cursor.end = to;
    for (let index = 0; index < fields.length; index += 1) {
      if (cursor.pos > to) return OUTCOME.fields;
      cursor.open();
      const outcome = this.field(fields[index]!);
      if (outcome !== OUTCOME.row) return outcome;
      if (!cursor.close()) return misread(fields[index]!);
    }
    row.atMs = stamps.atMs;
    row.subMsNs = stamps.subMsNs;
    row.volume = this.volume;
    const outcome = this.complete();
    const { instrument } = this;
    if (instrument === undefined || outcome > OUTCOME.nothing) return outcome;
    return instrument.accepts(stamps.atMs) ? outcome : OUTCOME.instrument;
  }

  /** Behind the last line: whether `row` holds one more tick. */
  finish(): boolean {
    const { row } = this;
    const top = this.book?.top();
    if (!top) return false;
    ({ atMs: row.atMs, subMsNs: row.subMsNs, bid: row.bid, ask: row.ask } = top);
    row.price = top.bid;
    row.volume = 0;
    return true;
  }

  private field(field: Field): Outcome {
    const { cursor, stamps } = this;
    switch (field) {
      case 'datetime':
        return stamps.dateTime(cursor) ? OUTCOME.row : OUTCOME.time;
      case 'price':
      case 'bid':
      case 'ask': {
        if (this.carries && cursor.isEmpty()) return OUTCOME.row;
        // One place for all three: a call that isn't inlined would make an object of its number.
        const units = cursor.price();
        if (field === 'price') this.price = units;
        else if (field === 'bid') this.bid = units;
        else this.ask = units;
        return units === BAD ? OUTCOME.price : OUTCOME.row;
      }
      case 'volume':
        this.volume = this.carries && cursor.isEmpty() ? 0 : cursor.volume();
        return this.volume === BAD ? OUTCOME.volume : OUTCOME.row;
      case 'epoch':
        return stamps.epoch(cursor) ? OUTCOME.row : OUTCOME.time;
      case 'date':
        return stamps.date(cursor) ? OUTCOME.row : OUTCOME.time;
      case 'time':
        return stamps.time(cursor) && stamps.settle(cursor) ? OUTCOME.row : OUTCOME.time;
      default:
        return this.rareField(field);
    }
  }

  private rareField(field: Field): Outcome {
    const { cursor } = this;
    if (field === 'nanoPrice') {
      this.price = cursor.nanoPrice();
      return this.price === BAD ? OUTCOME.price : OUTCOME.row;
    }
    if (field === 'factor') {
      this.factor = cursor.price();
      return this.factor > 0 ? OUTCOME.row : OUTCOME.price;
    }
    if (field === 'symbol' || field === 'contract') {
      this.instrument?.mark(cursor, field);
      return OUTCOME.row;
    }
    if (field === 'snapshot') this.isSnapshot = ((cursor.peek(0) ?? 0) | LOWER_CASE) === TRUE;
    if (field === 'entry') {
      const entry = (cursor.peek(0) ?? 0) | LOWER_CASE;
      if (entry !== this.lastEntry && entry !== this.bidEntry && entry !== this.askEntry) return OUTCOME.nothing;
      this.entry = entry;
    }
    cursor.skip();
    return OUTCOME.row;
  }

  private completePrint(): Outcome {
    const { row, price } = this;
    row.price = price;
    row.bid = price;
    row.ask = price;
    return price > 0 ? OUTCOME.row : OUTCOME.price;
  }

  private completeQuote(): Outcome {
    const { row, bid, ask } = this;
    row.price = bid;
    row.bid = bid;
    row.ask = ask;
    return bid > 0 && ask > 0 ? OUTCOME.row : OUTCOME.price;
  }

  /** A bid or an ask of 0 is a side that nobody quotes: the print stands for it. */
  private completeBoth(): Outcome {
    const { row, price, bid, ask } = this;
    row.price = price > 0 || !this.carries ? price : bid;
    row.bid = bid > 0 ? bid : row.price;
    row.ask = ask > 0 ? ask : row.price;
    return row.price > 0 ? OUTCOME.row : OUTCOME.price;
  }

  /** What one instant changes is one quote, told when the next instant comes. */
  private completeLevel(): Outcome {
    const { stamps, price, volume, isSnapshot, entry } = this;
    const { atMs, subMsNs } = stamps;
    const book = this.book as BookTop;
    if (price <= 0) return OUTCOME.price;
    const isRow = book.isBehind(atMs, subMsNs) && this.finish();
    book.change(atMs, subMsNs, isSnapshot, entry === this.bidEntry, price, volume);
    return isRow ? OUTCOME.row : OUTCOME.nothing;
  }

  /** Sides change one after the other, so that they may be crossed in between: then the print stands for both. */
  private completeEntry(): Outcome {
    const { row, entry } = this;
    const price = this.hasFactor ? timesFactor(this.price, this.factor) : this.price;
    if (entry === this.lastEntry) {
      if (price <= 0) return OUTCOME.price;
      const isQuoted = this.bid > 0 && this.ask > 0 && this.bid <= this.ask;
      row.price = price;
      row.bid = isQuoted ? this.bid : price;
      row.ask = isQuoted ? this.ask : price;
      return OUTCOME.row;
    }
    if (price < 0) return OUTCOME.price;
    if (entry === this.bidEntry) this.bid = price;
    else this.ask = price;
    return OUTCOME.nothing;
  }
}

function misread(field: Field): Outcome {
  if (field === 'volume') return OUTCOME.volume;
  if (field === 'price' || field === 'bid' || field === 'ask') return OUTCOME.price;
  return field === 'datetime' || field === 'time' || field === 'epoch' ? OUTCOME.time : OUTCOME.fields;
}
