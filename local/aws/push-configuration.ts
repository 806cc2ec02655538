import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createSettingsStore } from '../../shared/aws/settings/settings-table.ts';
import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { pushSettings } from '../../shared/settings/push-settings.ts';
import { clientOptions } from './client-options.ts';
import { resourceNames } from './common/resource-names.ts';
import type { AwsEnvironment } from './endpoint.ts';

/** Pushes the settings of a configuration as the next version, unless they are the newest one already. */
export async function pushConfiguration(environment: AwsEnvironment, configuration: Configuration): Promise<void> {
  const { name, tenants, sources } = configuration;
  const client = new DynamoDBClient(clientOptions(environment));
  try {
    const store = createSettingsStore({ client, tableName: resourceNames(name).settings });
    const text = JSON.stringify({ tenants, sources });
    const pushed = await pushSettings(store, { text, whoPushes: async () => 'local', now: Date.now() });
    if (pushed.kind === 'taken') throw new Error(`Somebody else pushed version ${pushed.version} of the settings.`);
  } finally {
    client.destroy();
  }
}
