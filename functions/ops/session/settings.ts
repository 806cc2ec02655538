import { createSettingsStore } from '../../../shared/aws/settings/settings-table.ts';
import type { Target } from '../../../shared/deployment/cli-target.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { allowsEndpoints, configurationOf, findInForce, type InForce } from '../../../shared/settings/load-settings.ts';

type Environment = Record<string, string | undefined>;

/**
 * Replaces a person's own AWS credentials, which must not be sent to the local world. There the CLI may do everything, or
 * what a role may, to try it: `ZPA_CHANGES_ROLE=viewer`.
 */
const localCredentials = (name: string, role: string | undefined) => ({
  AWS_ACCESS_KEY_ID: role === undefined ? 'local' : `${name}-${role}`,
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SESSION_TOKEN: undefined,
});

/**
 * AWS region, profile and credentials come from `env`, the person's environment; names of resources come from the
 * target.
 */
export function environmentOf({ kind, name, env: names }: Target, env: Environment): Environment {
  const credentials = kind === 'local' ? localCredentials(name, env.ZPA_CHANGES_ROLE) : {};
  return { ...env, ...credentials, AWS_ENDPOINT_URL: undefined, ...names };
}

export function openSettings(target: Target, env: Environment) {
  return createSettingsStore({ env: environmentOf(target, env), tableName: target.env.SETTINGS_TABLE });
}

/** Finds the settings of the target that are in use, and which newer ones are refused. undefined: it has none. */
export function findTargetSettings(target: Target, env: Environment): Promise<InForce | undefined> {
  const stack = { name: target.name, allowsEndpoints: allowsEndpoints(target.env) };
  return findInForce(openSettings(target, env), stack);
}

/** Loads the newest usable settings of the target. Rejects with `SettingsError` without any. */
export async function loadTargetSettings(target: Target, env: Environment): Promise<Configuration> {
  return configurationOf(await findTargetSettings(target, env));
}
