import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { FUNCTIONS, type FunctionName } from '../../shared/deployment/resources.ts';

export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** `startBytes`: of `bytes`, those that Lambda loads at a cold start; the others are loaded when they are needed. */
export type BundledFunction = { name: FunctionName; bytes: number; startBytes: number; mapBytes: number };

/**
 * Defines `require` in each file, because bundled CommonJS needs it and an ES module does not have it. The other name is none
 * that a minified file gives to anything.
 */
const REQUIRE =
  "import{createRequire as createRequireOfThisFile}from'node:module';const require=createRequireOfThisFile(import.meta.url);";

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
 * cache, mocks, HTTP/2 (which the clients turn off), the parser for processors without SIMD, of which Lambda has none, and,
 * by the name that Node.js itself bundles undici with, its second parser.
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
    const unused = /[\\/]undici[\\/]lib[\\/](web[\\/].+|dispatcher[\\/]client-h2|llhttp[\\/]llhttp-wasm)\.js$/;
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

/**
 * Leaves out how a person's machine finds credentials (profiles, single sign-on, processes, token files), which is 80 KiB of
 * each bundle: Lambda gives a function its own in the environment. The SDK's chain goes on to the next way.
 */
const CREDENTIALS_OF_LAMBDA: Plugin = {
  name: 'credentials-of-lambda',
  setup(esbuild) {
    const others = /[\\/]@aws-sdk[\\/]credential-provider-(ini|process|sso|web-identity)[\\/]dist-es[\\/]index\.js$/;
    esbuild.onLoad({ filter: others }, () => ({
      contents: `const none = () => () => Promise.reject(Object.assign(new Error('left out'), { tryNextLink: true }));
        export { none as fromIni, none as fromProcess, none as fromSSO, none as fromTokenFile };`,
    }));
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
  plugins: [ENGLISH_ONLY, HTTP_1_ONLY, REQUIRED_HTTP, CREDENTIALS_OF_LAMBDA],
  logLevel: 'warning',
});

/**
 * Bundles each handler to `<outdir>/<name>/index.mjs` and its source map. A bundle includes the AWS SDK, so that the tested
 * version runs. What is imported later is a file beside it, and so is what both need; the module of the JSONata thread is
 * bundled beside the handlers that may start it.
 */
export async function bundleFunctions(root: string, outdir: string): Promise<BundledFunction[]> {
  rmSync(outdir, { recursive: true, force: true });
  return Promise.all(FUNCTION_NAMES.map((name) => bundleFunction(root, outdir, name)));
}

async function bundleFunction(root: string, outdir: string, name: FunctionName): Promise<BundledFunction> {
  const options = buildOptions(root, join(outdir, name));
  const entryPoints = { index: `functions/${name}/index.ts` };
  const { metafile } = await build({ ...options, entryPoints, splitting: true, metafile: true });
  await bundleExpressionThread(options, metafile);
  const files = Object.keys(metafile.outputs);
  const bytesOf = (of: Iterable<string>) =>
    [...of].reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
  return {
    name,
    bytes: bytesOf(files.filter((file) => file.endsWith('.mjs'))),
    startBytes: bytesOf(loadedWith(metafile, files.find((file) => file.endsWith('/index.mjs')) ?? '')),
    mapBytes: bytesOf(files.filter((file) => file.endsWith('.map'))),
  };
}

/** Finds the files that are loaded with this one. */
function loadedWith(metafile: Metafile, file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind } of metafile.outputs[file]?.imports ?? [])
    if (kind === 'import-statement' && Object.hasOwn(metafile.outputs, path)) loadedWith(metafile, path, found);
  return found;
}

const EVALUATOR = 'shared/runtime/jsonata-evaluate.ts';
const THREAD = 'shared/runtime/jsonata-worker.ts';

/** Bundles the thread to a file of its own (82 KiB), so that no function loads it when it starts. */
async function bundleExpressionThread(options: BuildOptions, { outputs }: Metafile): Promise<void> {
  const mayStartIt = Object.values(outputs).some(({ inputs }) => Object.hasOwn(inputs, EVALUATOR));
  if (mayStartIt) await build({ ...options, entryPoints: { 'jsonata-worker': THREAD } });
}
