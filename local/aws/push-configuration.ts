import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createSettingsStore } from '../../shared/aws/settings/settings-table.ts';
import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { parseJson } from '../../shared/domain/text/parse-json.ts';
import { compareSettings } from '../../shared/settings/compare-settings.ts';
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
    const newest = await store.readNewest();
    if (newest !== undefined && 'text' in newest && isSame(newest.text, text)) return;
    const pushed = await pushSettings(store, { text, after: newest?.version ?? 0, pushedBy: 'local', now: Date.now() });
    if (pushed.kind === 'taken') throw new Error('Somebody else pushed settings at the same time.');
  } finally {
    client.destroy();
  }
}

const isSame = (one: string, other: string) => compareSettings(parseJson(one), parseJson(other)).length === 0;
