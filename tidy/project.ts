/** What a fresh clone on another machine depends on: exact versions, a lock file without addresses, no path of this machine. */
import { type Rule, readText } from './source.ts';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const declared = (manifest: Manifest): [string, string][] =>
  Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });

export const looseVersions = (manifest: Manifest): string[] =>
  declared(manifest)
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} is not exact: ${version}`);

export const registryAddresses = (lockText: string): string[] =>
  lockText
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => /"resolved"\s*:|"(git\+|https?:)[^"]*\.(tgz|git)/.test(line))
    .map(({ line, number }) => `package-lock.json:${number} names an address: ${line.trim()}`);

/** Folders of people and machines; what is temporary asks the system where. */
const MACHINE_PATH = /(?<![\w.$}/-])\/(home|root|work|tmp|Users|mnt|opt)\/[\w.-]+/;

export const machinePaths = (files: readonly string[], read: (path: string) => string = readText): string[] =>
  files.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => {
        const found = MACHINE_PATH.exec(line)?.[0];
        return found ? [`${path}:${index + 1} names ${found}`] : [];
      }),
  );

/** A package that is imported is declared: another package's dependency may leave any day. */
export const undeclaredPackages =
  (manifest: Manifest): Rule =>
  (sources) => {
    const names = new Set(declared(manifest).map(([name]) => name));
    return sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier, target }) => target === undefined && !specifier.startsWith('node:'))
        .map(({ specifier }) =>
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
        )
        .filter((name) => !names.has(name))
        .map((name) => `${path} imports ${name}, which package.json does not declare`),
    );
  };
