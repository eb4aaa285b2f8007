/** The twin in memory keeps what the run tables promise. */
import { MemoryRunOutputs } from '../memory/run-outputs.ts';
import { outputsConformance } from './conformance.ts';

outputsConformance('memory', async () => ({ outputs: new MemoryRunOutputs(new Map()), close: async () => undefined }));
