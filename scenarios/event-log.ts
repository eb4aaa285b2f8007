/** What a run leaves behind, as one hash: committed records, answers and venue calls, each with its virtual time. */
import { createHash } from 'node:crypto';

export class EventLog {
  private readonly hash = createHash('sha256');
  entries = 0;

  add(kind: 'record' | 'answer' | 'venue' | 'life', at: number, text: string): void {
    this.entries += 1;
    this.hash.update(`${kind} ${at} ${text}\n`);
  }

  /** SHA-256 so far, lower-case hex. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }
}
