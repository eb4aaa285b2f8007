/** What every place keeps of the output of runs: heads that move one step at a time, lines that come with them or not at all. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NEW_RUN, type RunHead, type RunLine, type RunOutputs } from '../../projections/run-outputs.ts';

export interface OpenedOutputs {
  readonly outputs: RunOutputs;
  close(): Promise<void>;
}

const FIGURES: NonNullable<RunHead['figures']> = {
  ...{ processed: 10, totalReturnRatio: 0.01, totalPnl: 100, realizedPnl: 90, unrealizedPnl: 10, trades: 2, wins: 1 },
  ...{
    losses: 1,
    winRatio: 0.5,
    drawdownRatioMax: 0.02,
    sharpe: null,
    profitFactor: 2,
    averageWin: 180,
    averageLoss: 90,
  },
};

const line = (stream: RunLine['stream'], sequence: number, more: Partial<RunLine> = {}): RunLine => ({
  ...{
    stream,
    sequence,
    at: 1_000 * sequence,
    kind: '',
    payload: JSON.stringify({ n: sequence, text: 'ä"\'' }),
    createdAt: 5,
  },
  ...more,
});

const head = (version: number, more: Partial<RunHead> = {}): RunHead => ({
  ...NEW_RUN,
  version,
  part: version,
  ...more,
});

export function outputsConformance(name: string, open: () => Promise<OpenedOutputs>): void {
  describe(`the output of runs in ${name}`, () => {
    let opened: OpenedOutputs;
    let outputs: RunOutputs;
    let run = 0;
    beforeAll(async () => {
      opened = await open();
      outputs = opened.outputs;
    });
    afterAll(() => opened.close());

    it('begins with nothing', async () => {
      run += 1;
      expect(await outputs.head(run)).toEqual(NEW_RUN);
      expect(await outputs.lines(run, 'event', {}, 10, 0)).toEqual({ rows: [], total: 0 });
    });

    it('gives a head back as it was put', async () => {
      run += 1;
      const whole = head(1, {
        ...{ last: { event: 1, trade: 2, equity: 3 }, status: 'paused', marketAt: 1_767_571_200_000 },
        ...{ progressRatio: 0.25, figures: FIGURES, figuresAt: 1_767_571_200_123 },
      });
      expect(await outputs.append(run, whole, [])).toBe(true);
      expect(await outputs.head(run)).toEqual(whole);
    });

    it('takes a step once, and nothing of a step that is not the next', async () => {
      run += 1;
      expect(await outputs.append(run, head(2), [line('event', 1)])).toBe(false);
      expect(await outputs.append(run, head(1), [line('event', 1)])).toBe(true);
      expect(await outputs.append(run, head(1), [line('event', 2)])).toBe(false);
      expect(await outputs.append(run, head(3), [line('event', 2)])).toBe(false);
      expect((await outputs.lines(run, 'event', {}, 10, 0)).total).toBe(1);
      expect(await outputs.append(run, head(2), [line('event', 2)])).toBe(true);
      expect((await outputs.lines(run, 'event', {}, 10, 0)).rows).toEqual([line('event', 1), line('event', 2)]);
    });

    it('gives pages of one stream in order, with the count of all that fit', async () => {
      run += 1;
      const points = Array.from({ length: 12 }, (_, index) => line('equity', index + 1));
      await outputs.append(run, head(1), [...points.toReversed(), line('trade', 1)]);
      expect(await outputs.linesAfter(run, 'equity', { after: 5 }, 5)).toEqual(
        (await outputs.lines(run, 'equity', {}, 5, 5)).rows,
      );
      expect(await outputs.linesAfter(run, 'equity', {}, 3)).toHaveLength(3);
      const page = await outputs.lines(run, 'equity', {}, 5, 5);
      expect(page).toEqual({ rows: points.slice(5, 10), total: 12 });
      expect((await outputs.lines(run, 'equity', {}, 5, 20)).rows).toEqual([]);
    });

    it('takes the lines of a run for good, and of no other; its head stays and says when', async () => {
      run += 2;
      await outputs.append(run - 1, head(1, { figures: FIGURES, figuresAt: 5 }), [line('event', 1), line('trade', 1)]);
      await outputs.append(run, head(1), [line('event', 1)]);
      expect(await outputs.withLines([])).toEqual([]);
      expect(await outputs.withLines([run, run - 1, run + 1])).toEqual([run - 1, run]);
      await outputs.removeLines(run - 1, 77);
      await outputs.removeLines(run - 1, 88);
      await outputs.removeLines(run + 1, 88);
      expect(await outputs.withLines([run - 1, run])).toEqual([run]);
      expect(await outputs.head(run - 1)).toEqual(head(1, { figures: FIGURES, figuresAt: 5, linesRemovedAt: 77 }));
      expect(await outputs.head(run + 1)).toEqual(NEW_RUN);
      for (const stream of ['event', 'trade', 'equity'] as const)
        expect((await outputs.lines(run - 1, stream, {}, 10, 0)).total).toBe(0);
      expect((await outputs.lines(run, 'event', {}, 10, 0)).total).toBe(1);
      run += 1;
    });

    it('chooses by sequence, kind and time, both ends of which are out', async () => {
      run += 1;
      const kinds = ['long', 'short', 'long', 'short', 'long'];
      await outputs.append(
        run,
        head(1),
        kinds.map((kind, index) => line('trade', index + 1, { kind })),
      );
      const chosen = async (filter: Parameters<RunOutputs['lines']>[2]) =>
        (await outputs.lines(run, 'trade', filter, 10, 0)).rows.map(({ sequence }) => sequence);
      expect(await chosen({ after: 3 })).toEqual([4, 5]);
      expect(await chosen({ kind: 'short' })).toEqual([2, 4]);
      expect(await chosen({ from: 2_000, to: 5_000 })).toEqual([3, 4]);
      expect(await chosen({ after: 1, kind: 'long', to: 5_000 })).toEqual([3]);
    });
  });
}
