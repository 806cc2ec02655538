import { rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { FUNCTIONS, type FunctionName } from '../../shared/deployment/resources.ts';

export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

export type BundledFunction = { name: FunctionName; bytes: number; mapBytes: number };

/** Defines `require` in the bundle, because bundled CommonJS needs it and an ES module does not have it. */
const REQUIRE = "import{createRequire as r}from'node:module';const require=r(import.meta.url);";

/**
 * Leaves zod's error messages in other languages out, which are 130 KiB in each function. The rest that is not used
 * falls away where `z` is imported as a namespace; the object `{ z }` would keep all of it.
 */
const ENGLISH_ONLY: Plugin = {
  name: 'english-only',
  setup(esbuild) {
    esbuild.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: dirname(path),
    }));
  },
};

/**
 * Leaves out what our HTTP clients never load of undici, which is a third of each bundle that has it: fetch, WebSocket,
 * cache, mocks, HTTP/2 (which the clients turn off) and, by the name that Node.js itself bundles undici with, its
 * second parser.
 */
const HTTP_1_ONLY: Plugin = {
  name: 'http-1-only',
  setup(esbuild) {
    esbuild.initialOptions.define = { ...esbuild.initialOptions.define, esbuildDetection: 'true' };
    esbuild.onLoad({ filter: /[\\/]undici[\\/]index\.js$/ }, ({ path }) => ({
      // As undici's own module does, it gives dispatchers their methods, of which the clients use one.
      contents: `import request from './lib/api/api-request.js';
        import Dispatcher from './lib/dispatcher/dispatcher.js';
        Dispatcher.prototype.request = request;
        export { default as Agent } from './lib/dispatcher/agent.js';
        export { default as Pool } from './lib/dispatcher/pool.js';
        export { default as buildConnector } from './lib/core/connect.js';`,
      resolveDir: dirname(path),
    }));
    const unused = /[\\/]undici[\\/]lib[\\/](web[\\/].+|dispatcher[\\/]client-h2)\.js$/;
    esbuild.onLoad({ filter: unused }, () => ({ contents: '' }));
  },
};

/**
 * Loads `node:http` with `require`: importing it as an ES module reads all its exports, one of which makes Node.js load
 * the undici that it contains, for some 10 ms of a start.
 */
const REQUIRED_HTTP: Plugin = {
  name: 'required-http',
  setup(esbuild) {
    const namespace = 'required';
    esbuild.onResolve({ filter: /^(node:)?http$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace } : undefined,
    );
    esbuild.onLoad({ filter: /./, namespace }, () => ({ contents: "module.exports = require('node:http');" }));
  },
};

/** How everything that is deployed is bundled; the benchmark bundles what it compares with in the same way. */
export const buildOptions = (root: string, outdir: string): BuildOptions => ({
  absWorkingDir: root,
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE },
  minify: true,
  treeShaking: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  plugins: [ENGLISH_ONLY, HTTP_1_ONLY, REQUIRED_HTTP],
  logLevel: 'warning',
});

/**
 * Bundles all handlers with one esbuild call to `<outdir>/<name>/index.mjs` and its source map. A bundle includes the AWS
 * SDK, so that the tested version runs. The module of the JSONata thread is bundled beside the handlers that may start it.
 */
export async function bundleFunctions(root: string, outdir: string): Promise<BundledFunction[]> {
  rmSync(outdir, { recursive: true, force: true });
  const entryPoints = Object.fromEntries(FUNCTION_NAMES.map((name) => [`${name}/index`, `functions/${name}/index.ts`]));
  const { metafile } = await build({ ...buildOptions(root, outdir), entryPoints, metafile: true });
  await bundleExpressionThread(root, outdir, metafile);
  return FUNCTION_NAMES.map((name) => {
    const bytesOf = (file: string) => statSync(join(outdir, name, file)).size;
    return { name, bytes: bytesOf('index.mjs'), mapBytes: bytesOf('index.mjs.map') };
  });
}

const EVALUATOR = 'shared/runtime/jsonata-evaluate.ts';
const THREAD = 'shared/runtime/jsonata-worker.ts';

/** Bundles the thread to a file of its own (82 KiB), so that no function loads it when it starts. */
async function bundleExpressionThread(root: string, outdir: string, { outputs }: Metafile): Promise<void> {
  const starters = Object.entries(outputs).filter(([, { inputs }]) => Object.hasOwn(inputs, EVALUATOR));
  const names = starters.map(([file]) => basename(dirname(file)));
  const entryPoints = Object.fromEntries([...new Set(names)].map((name) => [`${name}/jsonata-worker`, THREAD]));
  await build({ ...buildOptions(root, outdir), entryPoints });
}
