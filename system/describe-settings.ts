/** Renders docs/CONFIGURATION.md from the schema of the settings, so that the page and the product never differ. */
import { environment, metaOf, type SettingName } from './environment.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function row(name: SettingName): string {
  const { about, form, fallback, secret } = metaOf(name);
  const shown = fallback === undefined ? '' : fallback === '' ? '(empty)' : `\`${fallback}\``;
  return `| \`${name}\` | ${cell(form)} | ${shown} | ${cell(about)}${secret ? ' Secret: never shown or logged.' : ''} |`;
}

export function describeSettings(): string {
  const rows = (Object.keys(environment.shape) as SettingName[]).map(row);
  return `# Configuration

Settings are environment variables, read once at the start. A bad value stops the start with its name, what is wrong with it and
what is allowed; a variable set to nothing counts as not set. \`npm run docs\` writes this page from \`system/environment.ts\`.

| Setting | Allowed | Default | What it is for |
| --- | --- | --- | --- |
${rows.join('\n')}

The production profile refuses to start without \`SIGNING_KEY\` and \`CLIENTS\` of its own, with the rate limits off, or with a secret
that the development profile knows; it has no demo token.
`;
}
