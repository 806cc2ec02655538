import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

type Bom = { components: { name: string; version: string }[]; dependencies: { ref: string; dependsOn?: string[] }[] };

it('the bill of materials names each package that the lockfile does not mark as a tool, and no other', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; dev?: true }>;
  };
  const runs = Object.entries(packages).flatMap(([folder, { version, dev }]) =>
    folder === '' || dev ? [] : [`${folder.replace(/^.*node_modules\//, '')}@${version}`],
  );
  const bom = JSON.parse(execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: root, encoding: 'utf8' })) as Bom;
  const named = new Set(bom.components.map(({ name, version }) => `${name}@${version}`));
  expect([...named].toSorted()).toEqual([...new Set(runs)].toSorted());
  const [, ...parts] = bom.dependencies;
  expect(parts.map(({ ref }) => ref).toSorted()).toEqual([...named].toSorted());
  expect(bom.dependencies.flatMap(({ dependsOn = [] }) => dependsOn).filter((ref) => !named.has(ref))).toEqual([]);
});
