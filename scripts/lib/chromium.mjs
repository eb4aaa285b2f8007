/** A real browser for tests of pages: the distribution's Chromium, without anything that would reach out by itself. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { findOrInstall } from './debian.mjs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Throws by name where no Chromium can be had. */
export async function openBrowser() {
  const executablePath = findOrInstall('chromium', () => PLACES.find((place) => existsSync(place)));
  if (executablePath === undefined) throw new Error('no Chromium: install the package chromium');
  return chromium.launch({ executablePath, args: FLAGS });
}
