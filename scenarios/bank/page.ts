/** docs/SEEDS.md: each run that once failed and stays in the bank, with its seed and what it was. Written by `npm run docs`. */
import { BANK, type Banked, readBank } from './bank.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function row({ name, entry }: Banked): string {
  const planted = entry.kind === 'drawn' && entry.planted !== undefined ? `\`${entry.planted}\`` : '-';
  const size = entry.kind === 'drawn' ? `${entry.script.steps.length} steps` : cell(entry.file);
  return `| [\`${name}\`](../scenarios/seeds/${name}.json) | ${entry.seed} | ${cell(entry.found)} | ${size} | ${planted} |`;
}

export function describeBank(folder: string = BANK): string {
  return `# Seeds that once failed

Every run that has found a bug of the product, or of what checks it, stays in \`scenarios/seeds/\` for ever: a drawn world with its whole
script, so that no change of drawing makes another world of it, or a seed of a scenario file. \`npm run simulate\` and the tests run all of them
first, and so does \`npm run scenario\` before a run of their size: the library, a folder, or as many files and \`--seeds\` as there are entries.
Before a smaller one, which takes seconds, it runs those that are of its very files, and before a part of a file (\`--keep\`) none. Where the bug can be planted again (\`npm run planted\`), a test plants it and demands that its seed still shows it. All
worlds are simulated.

| entry | seed | what it was | what is run | planted again as |
| --- | --- | --- | --- | --- |
${readBank(folder).map(row).join('\n')}

\`npm run simulate\` adds a failing seed by itself, made small where it can be, and \`npm run scenario\` up to ten failing seeds of a whole file
(\`--no-bank\`: neither does): write into \`found\` what it was, run \`npm run docs\`, and commit both. A seed of a file is kept with the file's name
and hash and is run with the file as it is at the time: where the expectation was wrong, mending the file mends the entry. Once the file is gone, the
next \`npm run scenario\` or \`npm run simulate\` drops its entry and says so.
`;
}
