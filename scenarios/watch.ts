/**
 * Shows a world to all checkers as it happens: records in order, each once, over all lives of the product; each commit behind its records,
 * landed or lost; answers behind what they tell of. Invariant: a commit is shown with what was known when its last record was shown.
 */
import type { Message } from '../runtime/message.ts';
import type { Group, Store } from '../runtime/store.ts';
import type { ProductSettings } from '../system/ports.ts';
import { CHECKERS } from './checkers/all.ts';
import type { CheckedAnswer, CheckedCommit, CheckedRecord, Finding, Rest } from './checkers/checker.ts';
import { Folds } from './checkers/folds/folds.ts';
import { Panel } from './checkers/panel.ts';
import type { World } from './world.ts';

const PAGE = 5_000;
/** Nothing waits for a commit as long as this: how far off the product's clock was when a record was made is known behind it. */
const CLOCK_KNOWN_MS = 60_000;

/** A commit whose fate is known, and when it landed; undefined: it never will. */
interface Decided {
  readonly commit: CheckedCommit;
  readonly landedAt: number | undefined;
}

export class Watch {
  /** Sequence of the last record that has been read. */
  seen = 0;
  private heard = 0;
  readonly records: CheckedRecord[] = [];
  readonly findings: Finding[] = [];
  private readonly panel: Panel;
  /** Of the record that is being shown; 0 for an answer and for the world at rest. */
  private sequence = 0;
  private isAtRest = false;
  private readonly foundAtRest = new Set<string>();
  /** Not shown yet, in order. */
  private readonly decided: Decided[] = [];
  /** By connection, when its last commit was answered. */
  private readonly freeAt = new Map<number, number>();

  constructor(
    private readonly store: Store,
    settings: ProductSettings,
    private readonly world: Pick<World, 'now' | 'venue' | 'database' | 'productClock'>,
    private readonly outsideOrders: ReadonlySet<string>,
    private readonly listener: ((record: CheckedRecord) => void) | undefined,
  ) {
    const folds = new Folds();
    const checkers = CHECKERS.map((make) => make(settings, folds));
    this.panel = new Panel(checkers, ({ name: checker }, what) => {
      if (this.isNews(checker, what)) this.findings.push({ checker, sequence: this.sequence, what });
    });
    world.database.onCommit = (group, connection) => {
      const commit = this.commitOf(group, connection);
      return (news) => {
        if (news === 'over') this.freeAt.set(connection, world.now);
        else this.decided.push({ commit, landedAt: news === 'landed' ? world.now : undefined });
      };
    };
  }

  async read(): Promise<void> {
    const landedAt = this.world.now;
    const { putForwardAt } = this.world.productClock;
    for (;;) {
      const page = await this.store.records(this.seen, PAGE);
      for (const record of page) {
        this.showCommits();
        this.show({ ...record, message: JSON.parse(record.payload) as Message, landedAt, putForwardAt });
      }
      if (page.length < PAGE) break;
    }
    this.showCommits();
  }

  private show(record: CheckedRecord): void {
    this.seen = record.sequence;
    this.sequence = record.sequence;
    this.records.push(record);
    this.panel.record(record);
    this.listener?.(record);
  }

  private commitOf(group: Group, connection: number): CheckedCommit {
    const askedAt = this.world.now;
    const { offsetMs, steppedAt } = this.world.productClock;
    const [first] = group.records;
    const firstAt = first && steppedAt < askedAt - CLOCK_KNOWN_MS ? first.recordedAt - offsetMs : undefined;
    return { group, connection, askedAt, freeAt: this.freeAt.get(connection) ?? 0, firstAt };
  }

  /** Those whose records have all been shown; one that is lost has none. */
  private showCommits(): void {
    const { decided, panel, seen, outsideOrders } = this;
    const { venue } = this.world;
    for (let next = decided[0]; next; next = decided[0]) {
      const { commit, landedAt } = next;
      if (landedAt !== undefined && commit.group.sequence > seen) return;
      decided.shift();
      if (landedAt === undefined) {
        panel.lost(commit);
        continue;
      }
      const records = this.records.slice(this.records.length - commit.group.records.length);
      const { calls: venueCalls } = venue;
      panel.group({ records, landedAt, commit, venueOrders: venue.orders(), venueCalls, outsideOrders });
    }
  }

  /** Answers heard since the last time; what they tell of has been read before. */
  hear(answers: readonly CheckedAnswer[]): void {
    this.sequence = 0;
    for (; this.heard < answers.length; this.heard += 1) this.panel.answer(answers[this.heard]!);
  }

  /** What an earlier look has found is told once. */
  private isNews(checker: string, what: string): boolean {
    if (!this.isAtRest) return true;
    const finding = `${checker} ${what}`;
    const isNews = !this.foundAtRest.has(finding);
    this.foundAtRest.add(finding);
    return isNews;
  }

  rest(rest: Rest): void {
    this.sequence = 0;
    this.isAtRest = true;
    this.panel.rest(rest);
    this.isAtRest = false;
  }
}
