import { resolve } from 'node:path';
import { toStderr } from '../../shared/runtime/standard-streams.ts';
import { bundleFunctions } from './bundle-functions.ts';

/**
 * `npm run bundle`, which `cdk.json` also runs before every synthesis: bundles to `dist/functions`, prints sizes to
 * stderr.
 */
const root = resolve(import.meta.dirname, '../..');
const bundled = await bundleFunctions(root, resolve(root, 'dist/functions'));
const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`.padStart(9);
const rows = bundled.map(
  ({ name, bytes, startBytes, mapBytes }) => `  ${name.padEnd(9)}${kib(startBytes)}${kib(bytes)}${kib(mapBytes)}`,
);
toStderr(['  function  at start all code      map', ...rows, ''].join('\n'));
