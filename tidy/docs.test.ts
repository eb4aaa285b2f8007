/** The pages of docs/ say what the code says. */
import { describe, expect, it } from 'vitest';
import { describeControls } from '../controls/describe.ts';
import { DEFINITIONS } from '../messages/registry.ts';
import { RUNTIME_MESSAGES } from '../runtime/lifecycle.ts';
import { describeBank } from '../scenarios/bank/page.ts';
import { describeScenarioFields } from '../scenarios/file/describe.ts';
import { describeScenarioSchema } from '../scenarios/file/schema.ts';
import { describeSettings } from '../system/describe-settings.ts';
import { deadLinks, namedTypes, unnamedTypes } from './docs.ts';
import { projectFiles, readText } from './source.ts';

const types = [...RUNTIME_MESSAGES, ...DEFINITIONS].map(({ type }) => type);

describe('generated pages', () => {
  it.each([
    ['docs/CONFIGURATION.md', describeSettings],
    ['docs/CONTROLS.md', describeControls],
    ['docs/SCENARIO-FIELDS.md', describeScenarioFields],
    ['docs/SEEDS.md', () => describeBank()],
    ['scenarios/scenario.schema.json', describeScenarioSchema],
  ])('%s is what `npm run docs` writes', (page, render) => expect(readText(page)).toBe(render()));
});

describe('the glossary', () => {
  const glossary = readText('docs/GLOSSARY.md');
  it('names every registered message', () => expect(unnamedTypes(glossary, types)).toEqual([]));
  it('names no message that is gone', () => {
    expect([...namedTypes(glossary)].filter((type) => !types.includes(type))).toEqual([]);
  });
  it('is seen to miss a planted type', () => {
    expect(unnamedTypes('| `order.submit` |', ['order.submit', 'order.planted'])).toEqual(['order.planted']);
    expect([...namedTypes('| `order.gone`, `order.submit` | `order.answered` |')]).toEqual([
      'order.gone',
      'order.submit',
      'order.answered',
    ]);
  });
});

describe('links', () => {
  const pages = projectFiles().filter((path) => path.endsWith('.md'));
  it('lead to files that exist', () => expect(pages.flatMap((page) => deadLinks(page, readText(page)))).toEqual([]));
  it('are seen to be dead when planted', () => {
    expect(deadLinks('README.md', 'see [it](docs/NOWHERE.md) and [this](README.md)')).toEqual([
      'README.md links docs/NOWHERE.md',
    ]);
    expect(deadLinks('docs/A.md', '[up](../README.md), [far](https://a.example/b.md)')).toEqual([]);
  });
});
