import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as collector from '../mutation/collect-tests.ts';
import { LEFT_OUT, SPEC_FOLDERS, specFiles } from '../mutation/specs.ts';

/** `npm run mutation` takes hours, so a move of files must be noticed before somebody starts it. */
const root = join(import.meta.dirname, '../..');

describe('mutation testing', () => {
  it('mutates files that exist, by every pattern', async () => {
    const { default: config } = await import(pathToFileURL(join(root, 'stryker.config.mjs')).href);
    const patterns: string[] = config.mutate;
    expect(patterns.length).toBeGreaterThan(1);
    expect(patterns.filter((pattern) => globSync(pattern, { cwd: root }).length === 0)).toEqual([]);
  });

  it('runs tests of every folder it names, and leaves out only what exists', () => {
    const specs = specFiles(root);
    expect(SPEC_FOLDERS.filter((one) => !specs.some((file) => file.startsWith(`test/unit/${one}/`)))).toEqual([]);
    expect(LEFT_OUT.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('offers to its tests all that they import from Vitest', () => {
    const lacking = specFiles(root).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/import \{([^}]+)\} from 'vitest'/g)]
        .flatMap((match) => (match[1] ?? '').split(','))
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type ') && !(name in collector))
        .map((name) => `${file}: ${name}`),
    );
    expect(lacking).toEqual([]);
  });
});
