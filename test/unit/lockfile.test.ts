import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dependencies: z.record(z.string(), z.string()).optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
      integrity: z.string().optional(),
      inBundle: z.boolean().optional(),
      dev: z.boolean().optional(),
      license: z.string().optional(),
    }),
  ),
});

/** Licences under which somebody else's code may be deployed with ours (Apache-2.0) without more than naming it. */
const DEPLOYED_LICENCES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'Unlicense'];
/** Packages that only build and test may be under these as well: nothing of them is handed on. */
const TOOL_LICENCES = ['(MIT OR GPL-3.0-or-later)', 'BlueOak-1.0.0', 'CC-BY-4.0', 'MIT OR Apache-2.0', 'MPL-2.0'];

type Packages = z.infer<typeof lockfile>['packages'];

const readPackages = (): Packages =>
  lockfile.parse(JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'))).packages;

/** The folders Node looks into for a dependency of the package in `folder`, innermost first. */
const placesOf = (folder: string, dependency: string): string[] => {
  const own = `${folder === '' ? '' : `${folder}/`}node_modules/${dependency}`;
  if (folder === '') return [own];
  const outer = folder.lastIndexOf('/node_modules/');
  return [own, ...placesOf(outer < 0 ? '' : folder.slice(0, outer), dependency)];
};

const missingFrom = (packages: Packages): string[] =>
  Object.entries(packages).flatMap(([folder, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((dependency) => !placesOf(folder, dependency).some((place) => place in packages))
      .map((dependency) => `${folder} → ${dependency}`),
  );

/** Packages that npm installs without comparing them with what was reviewed; those inside another package's archive share its hash. */
const withoutIntegrity = (packages: Packages): string[] =>
  Object.entries(packages)
    .filter(([folder, { integrity, inBundle }]) => folder !== '' && !inBundle && !integrity?.startsWith('sha512-'))
    .map(([folder]) => folder);

const withForeignLicence = (packages: Packages): string[] =>
  Object.entries(packages)
    .filter(([, { license = 'none', dev }]) => ![...DEPLOYED_LICENCES, ...(dev ? TOOL_LICENCES : [])].includes(license))
    .map(([folder, { license = 'none' }]) => `${folder}: ${license}`);

describe('the lockfile', () => {
  // `npm install` leaves out optional packages of other platforms that its registry does not carry, and `npm ci` of npm 11
  // then refuses the lockfile on every machine.
  it('has an entry for every dependency, also those of other platforms', () => {
    expect(missingFrom(readPackages())).toEqual([]);
  });

  it('is found wanting where an optional package has no entry', () => {
    const { 'node_modules/@biomejs/cli-darwin-arm64': _left, ...others } = readPackages();
    expect(missingFrom(others)).toEqual(['node_modules/@biomejs/biome → @biomejs/cli-darwin-arm64']);
  });

  // `npm install` writes no hash for packages of other platforms that it does not download: `npm view NAME@VERSION dist.integrity` says it.
  it('has the hash of every package', () => {
    expect(withoutIntegrity(readPackages())).toEqual([]);
  });

  it('is found wanting where a hash is missing or weak', () => {
    const packages = { '': {}, a: {}, b: { integrity: 'sha1-x' }, c: { inBundle: true }, d: { integrity: 'sha512-x' } };
    expect(withoutIntegrity(packages)).toEqual(['a', 'b']);
  });

  it('has no package under a licence that was not agreed to', () => {
    expect(withForeignLicence(readPackages())).toEqual([]);
  });

  it('is found wanting where what is deployed has the licence of a tool, or none', () => {
    const packages = { a: { license: 'MPL-2.0' }, b: { license: 'MPL-2.0', dev: true }, c: {}, d: { license: 'MIT' } };
    expect(withForeignLicence(packages)).toEqual(['a: MPL-2.0', 'c: none']);
  });
});
