/** Renders docs/CONTROLS.md from the list of controls, so that the page can't say anything else than the code. */
import { CONTROLS } from './all.ts';
import type { Control } from './control.ts';

const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');

function section(control: Control): string {
  return [
    `## ${control.name}`,
    '',
    control.rule,
    '',
    `- Gate: ${control.gate}; class: ${control.class}; ${control.appliesToExits ? 'holds for exits too' : 'exits pass'}.`,
    `- Denials: ${code(control.codes)}.`,
    `- Settings: ${control.settings.length > 0 ? code(control.settings) : 'none'}.`,
    '',
  ].join('\n');
}

export function describeControls(): string {
  return [
    '# Controls',
    '',
    'Every order meets these controls in this order before it may leave; the first denial ends it. Without a configured',
    'limit an order is denied. Settings are paths into the trading limits (`npm run cli -- limits`). This page is generated',
    'by `npm run docs`.',
    '',
    ...CONTROLS.map(section),
  ].join('\n');
}
