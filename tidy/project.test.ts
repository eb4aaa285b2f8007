/** A fresh clone elsewhere installs, builds and runs the same. */
import { describe, expect, it } from 'vitest';
import { looseVersions, machinePaths, registryAddresses, undeclaredPackages } from './project.ts';
import { parseSource, projectFiles, readText, sources } from './source.ts';

const manifest = JSON.parse(readText('package.json'));
const texts = projectFiles().filter(
  (path) => /\.(ts|mjs|json|md|html|css|yml|yaml|sh|sql)$/.test(path) && path !== 'package-lock.json',
);

describe('dependencies', () => {
  it('have exact versions', () => expect(looseVersions(manifest)).toEqual([]));
  it('are locked without addresses', () => expect(registryAddresses(readText('package-lock.json'))).toEqual([]));
  it('are declared where they are imported', () => expect(undeclaredPackages(manifest)(sources())).toEqual([]));

  it.each(['^1.2.3', '~1.2.3', '1.x', 'latest', '>=1.2.3'])('are caught when loose: %s', (version) => {
    expect(looseVersions({ dependencies: { hono: version } })).toHaveLength(1);
  });
  it('are caught when the lock file says where from', () => {
    expect(registryAddresses('"resolved": "https://registry.example/hono/-/hono-4.0.0.tgz",')).toHaveLength(1);
    expect(registryAddresses('"version": "git+ssh://git@example/hono.git"')).toHaveLength(1);
    expect(registryAddresses('"version": "4.0.0",')).toEqual([]);
  });
  it('are caught when undeclared', () => {
    const planted = [
      parseSource('domain/a.ts', "import { b } from '@scope/name/deep';\nimport c from 'hono/jwt';\nimport 'node:fs';"),
    ];
    expect(undeclaredPackages({ dependencies: { hono: '4.0.0' } })(planted)).toEqual([
      'domain/a.ts imports @scope/name, which package.json does not declare',
    ]);
  });
});

describe('paths of one machine', () => {
  it('are nowhere', () => expect(machinePaths(texts)).toEqual([]));
  it.each(['home/me/pitwall', 'tmp/socket', 'root/.cache'])('are caught when planted: %s', (path) => {
    expect(machinePaths(['docs/a.md'], () => `see /${path} there`)).toHaveLength(1);
    expect(machinePaths(['docs/a.md'], () => `'/${path}'`)).toHaveLength(1);
  });
  it('are not relative paths, routes or addresses', () => {
    expect(machinePaths(['docs/a.md'], () => 'GET /api/home/x, ./tmp/x, https://a.example/work/x')).toEqual([]);
  });
});
