/** The in-memory twin keeps every promise of a store of series. */
import { MemoryDisk } from '../memory/disk.ts';
import { openMemory } from '../memory/open.ts';
import { seriesConformance } from './conformance.ts';

seriesConformance('memory', async () => {
  const disk = new MemoryDisk();
  return { open: () => openMemory(disk), kill: async () => disk.crash(), remove: async () => undefined };
});
