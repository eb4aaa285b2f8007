import type { Plugin } from 'esbuild';

export const needsDetour: boolean;
/** Belongs at the top of what is built with `spreads`. */
export const SPREADS_BANNER: string;
/** For esbuild; changes nothing on a Node that needs no detour. */
export const spreads: Plugin;
/** The same program, in which no literal begins with a spread of something and goes on. */
export function beginWithNothing(path: string, program: string, nothing?: string): Promise<string>;
