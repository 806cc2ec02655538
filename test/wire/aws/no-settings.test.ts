import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose as composeCatalog } from '../../../functions/catalog/compose.ts';
import { compose as composeIngest } from '../../../functions/ingest/compose.ts';
import { compose as composeSweep } from '../../../functions/sweep/compose.ts';
import { clientOptions } from '../../../local/aws/client-options.ts';
import { createSettingsTable } from '../../../local/aws/create-table.ts';
import { type LocalAws, openLocalAws } from './local.ts';

/** A stack that was deployed a moment ago: its table of settings is empty. */
let local: LocalAws;
let env: Record<string, string>;
beforeAll(async () => {
  local = await openLocalAws();
  const client = new DynamoDBClient(clientOptions(local.env));
  await createSettingsTable(client, 'empty');
  client.destroy();
  const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  env = { ...local.env, ...quiet, SETTINGS_TABLE: 'empty' };
});
afterAll(() => local.aws.close());

const left = { getRemainingTimeInMillis: () => 10_000 };

describe('without settings', () => {
  it.each([
    ['ingest', () => composeIngest(env)({}), 'unavailable'],
    ['catalog', () => composeCatalog(env)({}), 'catalog-unavailable'],
  ])('%s asks its caller to come again', async (_, invoke, code) => {
    const { statusCode, headers, body } = await invoke();
    expect({ statusCode, headers }).toMatchObject({ statusCode: 503, headers: { 'retry-after': '30' } });
    expect(JSON.parse(body ?? '')).toMatchObject({ code, status: 503 });
  });

  it('a scheduled function fails, so that somebody is told', async () => {
    await expect(composeSweep(env)({}, left)).rejects.toMatchObject({ code: 'no-settings' });
  });
});
