import { rowsConformance } from '../jobs/rows.conformance.ts';
import { MemoryJobRows } from './job-rows.ts';

rowsConformance('memory', async () => ({ rows: new MemoryJobRows(), close: async () => undefined }));
