/** Bugs of the journal, the outbox and the recovery: what is told before it is durable, and what a crash loses or does twice. */
import type { Mutation } from './mutation.ts';

export const DURABILITY_BUGS: readonly Mutation[] = [
  {
    name: 'answer-before-commit',
    file: 'runtime/journal.ts',
    find: 'if (ordinal <= this.durableOrdinal && !this.stopped) release();',
    replace: 'if (!this.stopped) release();',
    why: 'a caller is told what a crash takes back',
  },
  {
    name: 'watermark-off-by-one',
    file: 'runtime/journal.ts',
    find: 'const ordinal = this.open.isEmpty ? this.ordinal - 1 : this.ordinal;',
    replace: 'const ordinal = this.ordinal - 1;',
    why: 'an answer leaves with the group before its own',
  },
  {
    name: 'cursor-not-written',
    file: 'runtime/journal.ts',
    find: 'for (const { cell } of this.open.parts) if (cell.hasCursor) cursors.push(cursorOf(cell, head));',
    replace: '',
    why: 'after a crash an agent reads again what its rows already hold',
  },
  {
    name: 'hash-chain-skips',
    file: 'runtime/journal.ts',
    find: 'this.hash = record.hash;',
    replace: "if (record.type !== 'order.working') this.hash = record.hash;",
    why: 'a record can be taken out of the journal unseen',
  },
  {
    name: 'halt-lost-after-crash',
    file: 'runtime/group.ts',
    find: 'if (entity.dirtyIn === this) return;',
    replace: "if (entity.dirtyIn === this || entity.key === '') return;",
    why: 'what all orders share, the halts in force, is not stored',
  },
  {
    name: 'effect-stays-open',
    file: 'runtime/kernel.ts',
    find: "if (letter.closes && taken !== 'stashed') journal.fulfil(letter.closes);",
    replace: '',
    why: 'the outbox keeps what is done, and does it again after each start',
  },
  {
    name: 'deadline-fires-twice',
    file: 'runtime/deadlines.ts',
    find: 'entity.deadlines!.delete(fired!.sendId);',
    replace: '',
    why: 'a deadline that has fired stays in its row and fires again after a start',
    also: [{ file: 'runtime/deadlines.ts', find: 'entity.deadlines!.delete(sendId);', replace: '' }],
  },
  {
    name: 'latched-halt-dropped',
    file: 'runtime/recovery.ts',
    find: 'for (const letter of this.latched.splice(0)) {',
    replace: 'for (const letter of this.latched.splice(0, 0)) {',
    why: 'a halt whose commit failed is void',
  },
  {
    name: 'key-not-kept',
    file: 'agents/keys/keys.ts',
    find: 'durable: true,',
    replace: 'durable: false,',
    why: 'after a crash a repeated request makes a second order',
  },
];
