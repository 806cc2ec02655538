import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { ENVIRONMENT, FUNCTIONS, type FunctionName } from '../../shared/deployment/resources.ts';
import { configurationSchema } from '../../shared/domain/configuration/configuration.ts';

export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

export type Bundled = { name: FunctionName; bytes: number; mapBytes: number };

/** CommonJS inside the bundle asks for `require`, which a module does not have. */
const REQUIRE = "import{createRequire as r}from'node:module';const require=r(import.meta.url);";

/**
 * zod's error messages come in every language, 300 KiB of them in each function, because `z` is one object that esbuild
 * cannot take apart. Ours are English.
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

const settings = (root: string, outdir: string): BuildOptions => ({
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
  plugins: [ENGLISH_ONLY],
  logLevel: 'warning',
});

/**
 * One esbuild call for all handlers: `<outdir>/<name>/index.mjs` and its source map, everything inside (also the AWS
 * SDK: the version tested is the version run). Copies the validated configuration beside the handlers that read it, and
 * the thread that carries out JSONata beside those that may start it, if a source of the configuration uses it.
 */
export async function bundleFunctions(root: string, outdir: string, configurationPath: string): Promise<Bundled[]> {
  rmSync(outdir, { recursive: true, force: true });
  const entryPoints = Object.fromEntries(FUNCTION_NAMES.map((name) => [`${name}/index`, `functions/${name}/index.ts`]));
  const { metafile } = await build({ ...settings(root, outdir), entryPoints, metafile: true });
  if (usesExpressions(configurationPath)) await bundleExpressionThread(root, outdir, metafile);
  return FUNCTION_NAMES.map((name) => {
    const folder = join(outdir, name);
    mkdirSync(folder, { recursive: true });
    if (ENVIRONMENT[name].includes('CONFIGURATION_FILE')) {
      copyFileSync(configurationPath, join(folder, 'configuration.json'));
    }
    const bytesOf = (file: string) => statSync(join(folder, file)).size;
    return { name, bytes: bytesOf('index.mjs'), mapBytes: bytesOf('index.mjs.map') };
  });
}

const EVALUATOR = 'shared/runtime/jsonata-evaluate.ts';
const THREAD = 'shared/runtime/jsonata-worker.ts';

function usesExpressions(configurationPath: string): boolean {
  const { sources } = configurationSchema.parse(JSON.parse(readFileSync(configurationPath, 'utf8')));
  return Object.values(sources).some(({ mapping }) => mapping?.jsonata !== undefined);
}

/** Its own file, which only a thread loads: 82 KiB that no function reads when it starts. */
async function bundleExpressionThread(root: string, outdir: string, { outputs }: Metafile): Promise<void> {
  const starting = Object.entries(outputs).filter(([, { inputs }]) => Object.hasOwn(inputs, EVALUATOR));
  const names = starting.map(([file]) => basename(dirname(file)));
  const entryPoints = Object.fromEntries([...new Set(names)].map((name) => [`${name}/jsonata-worker`, THREAD]));
  await build({ ...settings(root, outdir), entryPoints });
}
