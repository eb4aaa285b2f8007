/**
 * Messages that crash their agent again and again. A command is tried again and at last parked; a fact is never parked: its reader
 * stays down until a named person decides.
 */
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { Kernel } from './kernel.ts';
import { INSTEAD, type Letter, letterTo, nameInRows, RELEASE } from './letter.ts';
import type { EffectRow } from './store.ts';

export type Verdict = 'again' | 'parked' | 'down';

export class Poison {
  constructor(private readonly kernel: Kernel) {}

  /** Counts the crash; what is tried again waits where the next life finds it. */
  verdict(cell: Cell, letter: Letter, reason: string): Verdict {
    if (letter.record) {
      cell.factCrashes += 1;
      return cell.factCrashes < BOUNDS.poisonCrashes ? 'again' : 'down';
    }
    if (this.crashesOf(cell, letter) < BOUNDS.poisonCrashes) {
      // A deadline is armed again from its row, a release runs again with its effect.
      if (!letter.fired && letter.source !== RELEASE) {
        const { control } = this.kernel.router.of(letter.message.type).entry;
        cell.offerAgain(letter, control === true);
      }
      return 'again';
    }
    this.park(cell, letter, reason);
    return 'parked';
  }

  private crashesOf(cell: Cell, letter: Letter): number {
    letter.crashes += 1;
    const name = nameInRows(letter);
    if (name === undefined) return letter.crashes;
    const crashes = (cell.crashesBy?.get(name) ?? 0) + 1;
    cell.crashesBy ??= new Map();
    if (crashes < BOUNDS.poisonCrashes) cell.crashesBy.set(name, crashes);
    else cell.crashesBy.delete(name);
    return crashes;
  }

  /** The promise of an effect stays open until its agent has heard at least that it can't be told what became of it. */
  private replace(cell: Cell, { source, message, correlationId, principal }: Letter, closes: EffectRow): void {
    const { journal, post } = this.kernel;
    const instead = source === INSTEAD ? undefined : cell.definition.instead?.(message);
    const from = { source: INSTEAD, correlationId, principal, causationSequence: closes.sequence, closes };
    if (instead) post.push(cell, letterTo(cell.address, instead, from));
    else journal.fulfil(closes);
  }

  /** Given up: nothing brings it back, and the journal says so. */
  park(cell: Cell, letter: Letter, reason: string): void {
    const { kernel } = this;
    const { message, ask, fired, closes, source, entity, causationSequence } = letter;
    kernel.deadLetters.add(cell.address, message, 'parked');
    ask?.fail('unavailable', `${cell.address} can't handle ${message.type}`);
    if (fired && kernel.deadlines.isValid(cell, letter)) kernel.deadlines.done(cell, letter);
    if (closes) this.replace(cell, letter, closes);
    if (source === RELEASE) this.replace(cell, letter, { sequence: causationSequence, agent: cell.address });
    kernel.speech.note(cell, {
      type: 'agent.parked',
      agent: cell.address,
      messageType: message.type,
      reason,
      ...(entity ? { entity } : {}),
    });
  }
}
