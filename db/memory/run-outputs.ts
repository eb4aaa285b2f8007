/** The run tables' twin in memory. */
import type { Page } from '../../projections/queries.ts';
import {
  type LineFilter,
  NEW_RUN,
  type RunHead,
  type RunLine,
  type RunOutputs,
  type RunStream,
} from '../../projections/run-outputs.ts';

/** By execution. */
export type RunOutputDisk = Map<number, { readonly head: RunHead; readonly lines: readonly RunLine[] }>;

export class MemoryRunOutputs implements RunOutputs {
  constructor(private readonly disk: RunOutputDisk) {}

  async head(executionId: number): Promise<RunHead> {
    return this.disk.get(executionId)?.head ?? NEW_RUN;
  }

  async append(executionId: number, head: RunHead, lines: readonly RunLine[]): Promise<boolean> {
    const known = this.disk.get(executionId);
    if ((known?.head.version ?? 0) !== head.version - 1) return false;
    this.disk.set(executionId, { head, lines: [...(known?.lines ?? []), ...lines] });
    return true;
  }

  async linesAfter(executionId: number, stream: RunStream, filter: LineFilter, limit: number) {
    return this.chosen(executionId, stream, filter).slice(0, limit);
  }

  async lines(
    executionId: number,
    stream: RunStream,
    filter: LineFilter,
    limit: number,
    offset: number,
  ): Promise<Page<RunLine>> {
    const rows = this.chosen(executionId, stream, filter);
    return { rows: rows.slice(offset, offset + limit), total: rows.length };
  }

  async withLines(executionIds: readonly number[]): Promise<readonly number[]> {
    return executionIds
      .filter((executionId) => this.disk.get(executionId)?.head.linesRemovedAt === null)
      .toSorted((a, b) => a - b);
  }

  async removeLines(executionId: number, at: number): Promise<void> {
    const known = this.disk.get(executionId);
    if (known?.head.linesRemovedAt === null)
      this.disk.set(executionId, { head: { ...known.head, linesRemovedAt: at }, lines: [] });
  }

  private chosen(executionId: number, stream: RunStream, filter: LineFilter): RunLine[] {
    const { after = 0, kind, from, to } = filter;
    const rows = (this.disk.get(executionId)?.lines ?? []).filter(
      (line) =>
        line.stream === stream &&
        line.sequence > after &&
        (kind === undefined || line.kind === kind) &&
        (from === undefined || line.at > from) &&
        (to === undefined || line.at < to),
    );
    return rows.sort((a, b) => a.sequence - b.sequence);
  }
}
