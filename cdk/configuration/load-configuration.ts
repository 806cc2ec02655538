import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError, parseConfiguration } from '../../shared/runtime/configuration-error.ts';
import { fileSchema, type StackConfiguration } from './stack-configuration.ts';
import { fileFaults, stacksOf } from './stages.ts';

/** Environment variable with the path of the configuration, if it is not `zpa-changes.config.ts`. */
export const CONFIGURATION_VARIABLE = 'ZPA_CHANGES_CONFIG';

const ROOT = resolve(import.meta.dirname, '../..');
const OWN_CONFIGURATION = resolve(ROOT, 'zpa-changes.config.ts');
const EXAMPLE_CONFIGURATION = resolve(ROOT, 'zpa-changes.config.example.ts');

export type Deployment = {
  /** True for the checked-in example, which is used for synthesis and tests and never deployed. */
  isExample: boolean;
  /** One for each stage, or the only one. */
  stacks: StackConfiguration[];
};

/**
 * Loads the stack's configuration: the default export of the module that `ZPA_CHANGES_CONFIG` names (relative to the working
 * directory), else of `zpa-changes.config.ts`, else of the example. Rejects with `ConfigurationError` and every fault,
 * including those that only prevent a deployment.
 */
export async function readDeployment(env: Record<string, string | undefined>): Promise<Deployment> {
  const path = configurationPath(env[CONFIGURATION_VARIABLE]);
  const file = parseConfiguration(fileSchema, await defaultExportOf(path), path);
  const faults = fileFaults(file, Date.now());
  if (faults.length > 0) throw new ConfigurationError(path, faults);
  return { isExample: path === EXAMPLE_CONFIGURATION, stacks: stacksOf(file) };
}

function configurationPath(named: string | undefined): string {
  if (named !== undefined && named !== '') return resolve(named);
  return existsSync(OWN_CONFIGURATION) ? OWN_CONFIGURATION : EXAMPLE_CONFIGURATION;
}

async function defaultExportOf(path: string): Promise<unknown> {
  if (!existsSync(path)) throw new ConfigurationError(path, [{ path: '(file)', remedy: 'must exist and be readable' }]);
  try {
    const loaded: { default?: unknown } = await import(pathToFileURL(path).href);
    return loaded.default;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(
      path,
      [{ path: '(file)', remedy: `must be a module that can be loaded: ${said}` }],
      cause,
    );
  }
}

/** Thrown instead of deploying the example, which nobody has looked through. */
export class ExampleDeploymentError extends Error {
  override readonly name = 'ExampleDeploymentError';
  readonly code = 'example-configuration';
  constructor() {
    super(
      'This would deploy the example configuration. Copy zpa-changes.config.example.ts to zpa-changes.config.ts, look ' +
        `through it, and deploy again (or name another file in ${CONFIGURATION_VARIABLE}).`,
    );
  }
}
