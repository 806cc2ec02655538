import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dependencies: z.record(z.string(), z.string()).optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

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
});
