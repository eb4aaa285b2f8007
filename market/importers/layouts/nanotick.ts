/** Nanotick, CME best bid and offer: `RecvDate,RecvTime,…,EntryType,EntryPrice,EntrySize,DisplayFactor`; a price counts times its factor. */
import { type Layout, mostly, type TickField } from '../plan.ts';
import { column } from '../sample.ts';

const FIELDS: readonly (readonly [string, TickField])[] = [
  ['recvdate', 'date'],
  ['recvtime', 'time'],
  ['entrytype', 'entry'],
  ['entryprice', 'price'],
  ['entrysize', 'volume'],
  ['displayfactor', 'factor'],
];
/** FIX writes the types as digits, others as words. */
const DIGITS = { bid: '0', ask: '1', last: '2' };
const WORDS = { bid: 'B', ask: 'O', last: 'T' };

export const nanotick: Layout = {
  name: 'Nanotick',
  recognise(sample) {
    const { header, delimiter } = sample;
    if (!header || !FIELDS.every(([name]) => header.includes(name))) return undefined;
    const fields: TickField[] = header.map((name) => FIELDS.find(([known]) => known === name)?.[1] ?? 'skip');
    const entries = mostly(column(sample, header.indexOf('entrytype')), (type) => /^\d$/.test(type)) ? DIGITS : WORDS;
    return { holds: 'ticks', kind: 'both', delimiter, headerLines: 1, zone: 'UTC', fields, entries };
  },
};
