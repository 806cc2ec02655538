import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleFunctions, FUNCTION_NAMES } from '../../cdk/functions/bundle-functions.ts';

/**
 * `node test/deploy/bundle.ts VERSION`, the build step of the CDK app under test: the real bundles. A new version makes new
 * code of the same behaviour.
 */
const [version = ''] = process.argv.slice(2);
const root = resolve(import.meta.dirname, '../..');
const bundles = join(root, 'dist/functions');
await bundleFunctions(root, bundles);
for (const name of FUNCTION_NAMES) {
  appendFileSync(join(bundles, name, 'index.mjs'), `\n// ${version}\n`);
}
