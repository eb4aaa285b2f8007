import { describeTickFiles } from './conformance.ts';
import { MemoryTickFiles } from './memory.ts';

const named = new Map([['day/nq.txt', Buffer.from('ticks')]]);
describeTickFiles('memory', async (withFolder) => new MemoryTickFiles(withFolder ? named : undefined));
