/** The in-memory twin keeps every promise of a store. */
import { storeConformance } from './conformance.ts';
import { MemoryDisk } from './memory/disk.ts';
import { openMemory } from './memory/open.ts';

storeConformance('memory', async () => {
  const disk = new MemoryDisk();
  return { open: () => openMemory(disk), kill: async () => disk.crash(), remove: async () => undefined };
});
