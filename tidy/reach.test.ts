/** No file is dead, and what is to be built exists. */
import { describe, expect, it } from 'vitest';
import { deadFiles, ENTRY_POINTS, missingEntryPoints } from './reach.ts';
import { parseSource, sources } from './source.ts';

const house = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]) => parseSource(path, text));

describe('reach', () => {
  it('leaves no file that nobody needs', () => expect(deadFiles(sources())).toEqual([]));
  it('has every listed entry point', () => expect(missingEntryPoints(sources())).toEqual([]));

  it('catches a planted file that only its own test imports', () => {
    const planted = house({
      'main.ts': "import { b } from './domain/b.ts';",
      'domain/a.ts': '',
      'domain/a.test.ts': "import { a } from './a.ts';",
      'domain/b.ts': '',
    });
    expect(deadFiles(planted)).toEqual(['nobody needs domain/a.ts']);
  });

  it('counts a piece that other tests share as needed', () => {
    const shared = house({
      'db/store.conformance.ts': '',
      'db/memory.test.ts': "import { suite } from './store.conformance.ts';",
    });
    expect(deadFiles(shared)).toEqual([]);
  });

  it('catches an entry point that is gone', () => {
    expect(missingEntryPoints([])).toHaveLength(ENTRY_POINTS.length);
  });
});
