/**
 * Turns what the mirror learns into the venue's later news. Invariants: a state is told once, by answer or by news, never both; news of
 * an order that is being answered wait for the answer; what this life has never spoken of is not told when it is first seen.
 */
import type { VenueReport } from '../../agents/venue.ts';
import type { ClientIds } from './client-ids.ts';
import type { Mirror } from './mirror.ts';
import type { OrderReader } from './reader.ts';
import type { TvSync } from './wire.ts';

export interface NewsOptions {
  readonly mirror: Mirror;
  readonly ids: ClientIds;
  readonly reader: OrderReader;
  readonly signal: AbortSignal;
  /** Pause after the first reading that told nothing; it doubles. */
  readonly retryMinMs: number;
}

const SPOKEN_MAX = 50_000;
/** Readings of an order whose end the socket told without all of its fills: they last longer than a rate limit's hour. */
const READINGS_MAX = 24;
const PAUSE_MAX_MS = 300_000;

const stateOf = ({ status, fills }: VenueReport): string => `${status} ${fills.length}`;

export class News {
  /** The last state told of each order of this life. */
  private readonly spoken = new Map<string, string>();
  private readonly answering = new Map<string, number>();
  /** Orders that are being told, with whether they have changed meanwhile. */
  private readonly telling = new Map<number, boolean>();
  private readonly listeners = new Set<(report: VenueReport) => void>();
  private isSynchronising = false;
  readonly close: () => void;

  constructor(private readonly options: NewsOptions) {
    this.close = options.mirror.onChange((orderId) => {
      if (!this.isSynchronising) void this.tell(orderId);
    });
  }

  onReport(listener: (report: VenueReport) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Everything of the user at once: what this life has spoken of is told if it differs, the rest is how things were found. */
  sync(sync: TvSync): void {
    const { mirror, ids, reader } = this.options;
    this.isSynchronising = true;
    try {
      mirror.sync(sync);
    } finally {
      this.isSynchronising = false;
    }
    for (const { orderId, clOrdId } of mirror.all()) {
      const ours = clOrdId === undefined ? undefined : ids.toOurs(clOrdId);
      if (ours === undefined) continue;
      const told = reader.told(ours, orderId);
      if (this.spoken.has(ours) || this.answering.has(ours)) void this.tell(orderId);
      else if (typeof told === 'object') this.note(told);
    }
  }

  async whileAnswering(clientOrderId: string, act: () => Promise<VenueReport>): Promise<VenueReport> {
    this.answering.set(clientOrderId, (this.answering.get(clientOrderId) ?? 0) + 1);
    try {
      const report = await act();
      this.note(report);
      return report;
    } finally {
      const left = (this.answering.get(clientOrderId) ?? 1) - 1;
      if (left > 0) this.answering.set(clientOrderId, left);
      else this.answering.delete(clientOrderId);
      const { mirror, ids } = this.options;
      const orderId = mirror.idOf(ids.toVenue(clientOrderId));
      if (orderId !== undefined) void this.tell(orderId);
    }
  }

  private note(report: VenueReport): void {
    const { orderId, status } = report;
    if (status === 'absent') return;
    // An order that is certainly ours, though nothing is known of it yet: the first thing that is, is news.
    const state = status === 'cancel-rejected' ? stateOf({ ...report, status: 'accepted' }) : stateOf(report);
    this.spoken.delete(orderId);
    this.spoken.set(orderId, state);
    if (this.spoken.size > SPOKEN_MAX) this.spoken.delete(this.spoken.keys().next().value ?? '');
  }

  /** One telling of an order at a time; it tells the newest state. */
  private async tell(orderId: number): Promise<void> {
    if (this.telling.has(orderId)) {
      this.telling.set(orderId, true);
      return;
    }
    for (let again = true; again; again = this.telling.get(orderId) === true) {
      this.telling.set(orderId, false);
      this.say(await this.settled(orderId));
    }
    this.telling.delete(orderId);
  }

  private say(report: VenueReport | undefined): void {
    if (!report || this.answering.has(report.orderId) || this.spoken.get(report.orderId) === stateOf(report)) return;
    this.note(report);
    for (const listener of [...this.listeners]) listener(report);
  }

  private async settled(orderId: number): Promise<VenueReport | undefined> {
    const { mirror, ids, reader, signal, retryMinMs } = this.options;
    for (let readings = 0; ; readings += 1) {
      const clOrdId = mirror.find(orderId)?.clOrdId;
      const ours = clOrdId === undefined ? undefined : ids.toOurs(clOrdId);
      if (ours === undefined || this.answering.has(ours) || signal.aborted) return undefined;
      const told = reader.told(ours, orderId);
      if (typeof told === 'object') return told;
      if (told === 'undecided' || readings === READINGS_MAX) return undefined;
      await reader.read(orderId, signal).catch(() => undefined);
      const pauseMs = Math.min(retryMinMs * 2 ** readings, PAUSE_MAX_MS);
      if (reader.told(ours, orderId) === 'unread') await reader.changed(orderId, pauseMs, signal);
    }
  }
}
