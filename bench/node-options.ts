/** Node's own options as `npm start` gives them: what is measured of ours runs with them, as the product does. */
import { readFileSync } from 'node:fs';

export function startOptions(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
  return scripts.start.match(/--\S+/g) ?? [];
}
