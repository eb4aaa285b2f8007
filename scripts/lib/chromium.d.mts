import type { Browser } from 'playwright-core';

/** Throws by name where no Chromium can be had. */
export function openBrowser(): Promise<Browser>;
