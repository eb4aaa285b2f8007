/** `npm run docs`: writes the pages of docs/ that are generated, and the schema of scenario files. A tidy test fails when one of them is behind its source. */
import { writeFileSync } from 'node:fs';
import { ensureInstalled } from './lib/ensure.mjs';
import { evaluate } from './lib/evaluate.mjs';
import { fail, fromRoot } from './lib/root.mjs';

const PAGES = [
  ['docs/CONFIGURATION.md', 'system/describe-settings.ts', 'describeSettings'],
  ['docs/CONTROLS.md', 'controls/describe.ts', 'describeControls'],
  ['docs/SCENARIO-FIELDS.md', 'scenarios/file/describe.ts', 'describeScenarioFields'],
  ['docs/SEEDS.md', 'scenarios/bank/page.ts', 'describeBank'],
  ['scenarios/scenario.schema.json', 'scenarios/file/schema.ts', 'describeScenarioSchema'],
];

ensureInstalled();
for (const [page, source, name] of PAGES) {
  const { [name]: render } = await evaluate(source).catch((error) => fail(page, error.message));
  writeFileSync(fromRoot(page), render());
  process.stderr.write(`wrote ${page} from ${source}\n`);
}
