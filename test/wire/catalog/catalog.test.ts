import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../../local/world/world.ts';
import { createSecretReader } from '../../../shared/aws/secret-reader.ts';
import { secretNames } from '../../../shared/domain/configuration/configuration.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';

let world: World;
let secret: string;
beforeAll(async () => {
  world = await startWorld({ schedules: false });
  const secrets = createSecretReader({ env: world.environment, clock: systemClock });
  secret = JSON.parse(await secrets.read(secretNames.catalog('zpa-changes', 'servicenow'))).secrets[0];
});
afterAll(async () => {
  await world.close();
});

const get = (query: string, headers: Record<string, string> = {}) => {
  const authorization = `Basic ${Buffer.from(`servicenow:${secret}`).toString('base64')}`;
  return fetch(`${world.url}/catalog${query}`, { headers: { authorization, ...headers } });
};

describe('the catalog over the wire', () => {
  it('is not there before the tenant was read, then is what the drift report read', async () => {
    expect((await get('')).status).toBe(503);
    const group = world.simulator.store.createGroup({ name: 'Remote Desks' });
    await world.runDrift();
    const answer = await get('?kind=group');
    expect(answer.status).toBe(200);
    const { entries, asOf } = JSON.parse(await answer.text());
    expect(entries).toContainEqual({
      kind: 'group',
      tenant: 'acme-prod',
      id: group.id,
      name: 'Remote Desks',
      enabled: group.enabled,
    });
    expect(Date.now() - Date.parse(asOf['acme-prod'])).toBeLessThan(60_000);
    const etag = answer.headers.get('etag') ?? '';
    expect((await get('?kind=group', { 'if-none-match': etag })).status).toBe(304);
    const csv = await get('?format=csv');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(await csv.text()).toContain(`"${group.id}","Remote Desks"`);
  });

  it('is not for who knows only the secret of deliveries', async () => {
    const authorization = `Bearer ${await world.sourceSecret('servicenow')}`;
    expect((await get('?source=servicenow', { authorization })).status).toBe(401);
  });
});
