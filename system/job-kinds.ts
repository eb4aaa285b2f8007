/** Every kind of work that runs in the background, listed once: the product, its threads and the workers on other machines know the same. */
import type { JobKind } from '../runtime/jobs.ts';
import { rehearsal } from '../runtime/jobs/rehearsal.ts';

export const JOB_KINDS: readonly JobKind[] = [rehearsal];
