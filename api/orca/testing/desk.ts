/** A desk for tick files on no disk, with what it has stored, and ticks as lines of a file. */
import { MemoryTickFiles } from '../../../adapters/tick-files/memory.ts';
import { MemoryDisk } from '../../../db/memory/disk.ts';
import { openMemory } from '../../../db/memory/open.ts';
import type { TickFiles } from '../../../market/import/tick-files.ts';
import { readTicks } from '../../../market/series/read-ticks.ts';
import { openTickDesk } from '../../../system/tick-desk.ts';
import { FakeHouse } from '../../testing/fake-house.ts';

export interface DeskHouse {
  readonly house: FakeHouse;
  readonly files: MemoryTickFiles;
  /** Published ticks of a series. */
  stored(symbol?: string): Promise<number>;
  imports(): Promise<number>;
}

export function houseWithDesk(
  named?: ReadonlyMap<string, Uint8Array>,
  around: (files: TickFiles) => TickFiles = (files) => files,
): DeskHouse {
  const house = new FakeHouse();
  const files = new MemoryTickFiles(named);
  const { series: store } = openMemory(new MemoryDisk());
  house.tickDesk = openTickDesk({ files: around(files), store, clock: house.clock, ids: house.ids });
  return {
    house,
    files,
    imports: async () => (await store.imports()).length,
    async stored(symbol = 'NQ') {
      let count = 0;
      for await (const { length } of readTicks(store, { symbol, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }))
        count += length;
      return count;
    },
  };
}

/** `timestamp,price,volume` lines, a tick a second. */
export function tickLines(count: number, line: (index: number) => string | undefined = () => undefined): string {
  const lines = ['timestamp,price,volume'];
  for (let index = 0; index < count; index += 1) {
    const at = new Date(Date.UTC(2025, 0, 2, 14, 30) + index * 1_000).toISOString();
    lines.push(line(index) ?? `${at},${(21_000 + (index % 40) * 0.25).toFixed(2)},1`);
  }
  return `${lines.join('\n')}\n`;
}

/** The data of server-sent events. */
export const eventsOf = (text: string): Record<string, unknown>[] =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => JSON.parse(block.slice('data: '.length)) as Record<string, unknown>);
