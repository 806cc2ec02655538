import { type Configuration, settingsSchema } from '../domain/configuration/configuration.ts';
import type { SettingsReader, StoredSettings, UnreadableSettings } from '../ports/settings-store.ts';
import { ConfigurationError, type ConfigurationFault, parseConfiguration } from '../runtime/configuration-error.ts';

/** There are no settings, or none of their versions can be used. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code: 'no-settings' | 'settings-refused';

  constructor(code: SettingsError['code']) {
    const sentence =
      code === 'no-settings' ? 'The stack has no settings yet.' : 'No version of the settings can be used.';
    super(`${sentence} Push them: zpa-changes settings push FILE.`);
    this.code = code;
  }
}

/** The stack that loads settings. */
export type LoadingStack = {
  name: string;
  /** True if credentials may be sent to an address that the settings name. */
  allowsEndpoints: boolean;
};

/**
 * Only a local world, an emulator or a stack that is deployed for a trial sends credentials to an address that the
 * settings name: else whoever may push could read them.
 */
export const allowsEndpoints = (env: {
  AWS_ENDPOINT_URL?: string | undefined;
  SIMULATED_ZPA?: string | undefined;
}): boolean => env.AWS_ENDPOINT_URL !== undefined || env.SIMULATED_ZPA !== undefined;

type Search<T> = {
  stack: LoadingStack;
  /** Versions up to this one are not looked at; by default all are. */
  after?: number;
  /** Uses a configuration; if it throws, the version counts as one that cannot be used. */
  use: (configuration: Configuration) => T;
  onRefused?: (version: number, error: unknown) => void;
};

/**
 * Finds the newest version that can be used, above `after`. `newest` is the newest of all; undefined: there is none above
 * `after`. Rejects only if the store cannot be read.
 */
export async function loadNewest<T>(
  store: SettingsReader,
  { stack, after = 0, use, onRefused }: Search<T>,
): Promise<{ newest: number; used?: T } | undefined> {
  const newest = await store.readNewest(after);
  if (newest === undefined) return undefined;
  for (let { version } = newest; version > after; version -= 1) {
    try {
      const found = version === newest.version ? newest : await store.readVersion(version);
      return { newest: newest.version, used: use(toConfiguration(found, stack)) };
    } catch (error) {
      if (isUnavailable(error)) throw error;
      onRefused?.(version, error);
    }
  }
  return { newest: newest.version };
}

/** A version that cannot be used, and why. */
export type RefusedVersion = { version: number; why: string };

/** `configuration`: of the newest version that can be used. `refused`: the versions above it, newest first. */
export type InForce = { newest: number; configuration?: Configuration; refused: RefusedVersion[] };

/** Finds the version that the functions work by, and which newer ones they refuse. undefined: there is none at all. */
export async function findInForce(store: SettingsReader, stack: LoadingStack): Promise<InForce | undefined> {
  const refused: RefusedVersion[] = [];
  const found = await loadNewest(store, {
    stack,
    use: (configuration) => configuration,
    onRefused: (version, error) => refused.push({ version, why: inOneLine(error) }),
  });
  if (found === undefined) return undefined;
  const { newest, used } = found;
  return { newest, refused, ...(used !== undefined && { configuration: used }) };
}

function inOneLine(error: unknown): string {
  if (error instanceof ConfigurationError)
    return error.faults.map(({ path, remedy }) => `${path} ${remedy}`).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Loads the newest usable configuration once, for a process that ends soon. Rejects with `SettingsError` without one. */
export async function loadConfiguration(store: SettingsReader, stack: LoadingStack): Promise<Configuration> {
  return configurationOf(await findInForce(store, stack));
}

/** Throws `SettingsError` if no version can be used. */
export function configurationOf(found: InForce | undefined): Configuration {
  if (found?.configuration !== undefined) return found.configuration;
  throw new SettingsError(found === undefined ? 'no-settings' : 'settings-refused');
}

const isUnavailable = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'settings-unavailable';

function toConfiguration(
  found: StoredSettings | UnreadableSettings | undefined,
  { name, allowsEndpoints }: LoadingStack,
): Configuration {
  if (found === undefined) throw new Error('the version does not exist');
  const file = `version ${found.version} of the settings`;
  if (!('text' in found)) throw new ConfigurationError(file, [{ path: '(item)', remedy: found.why }]);
  const settings = parseConfiguration(settingsSchema, JSON.parse(found.text), file);
  const faults = allowsEndpoints ? [] : endpointFaults(settings);
  if (faults.length > 0) throw new ConfigurationError(file, faults);
  return { ...settings, name, settingsVersion: found.version };
}

/** Finds the tenants whose credentials would be sent to an address that the settings name, which only local worlds do. */
export function endpointFaults({ tenants }: Pick<Configuration, 'tenants'>): ConfigurationFault[] {
  return Object.entries(tenants).flatMap(([name, { endpoint }]) => {
    const remedy =
      'is for the local world and trials only ("simulatedZpa" in the stack’s configuration); remove it, "cloud" says where the API is';
    return endpoint === undefined ? [] : [{ path: `tenants.${name}.endpoint`, value: endpoint, remedy }];
  });
}
