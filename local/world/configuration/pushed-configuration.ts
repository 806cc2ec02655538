import { createSettingsReader } from '../../../shared/aws/settings/settings-table.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { loadConfiguration } from '../../../shared/settings/load-settings.ts';

/** The configuration by which the functions of this environment work, for a process of its own. */
export function loadPushed(environment: Record<string, string>): Promise<Configuration> {
  const { SETTINGS_TABLE: tableName = '', STACK_NAME: name = '' } = environment;
  return loadConfiguration(createSettingsReader({ env: environment, tableName }), { name, allowsEndpoints: true });
}
