import { expect, it } from 'vitest';
import { changeSchema } from '../../../shared/domain/change/change.ts';
import { readLive } from '../../../shared/reading/read-live.ts';
import { createMemoryTenant } from '../../fakes/memory-zpa.ts';

it('a search that finds a group under a name that its own read does not show decides nothing', async () => {
  const clock = { now: () => 1_000_000 };
  const tenant = createMemoryTenant(clock);
  const zpa = tenant.client({ take: async () => () => undefined, obey: () => undefined });
  const created = { name: 'Depot', description: '', enabled: true, configSpace: 'DEFAULT', applicationIds: [] };
  const { groupId } = await zpa.write({ kind: 'create', ...created, microtenantId: '0' }, null, {
    sendBefore: Infinity,
  });
  const group = await zpa.getGroup(groupId ?? '');
  const change = changeSchema.parse({
    schemaVersion: 1,
    idempotencyKey: 'T-1',
    tenant: 'acme',
    action: 'update',
    group: { name: 'Warehouse' },
    set: { enabled: false },
  });
  let searches = 0;
  const stale = {
    ...zpa,
    findGroups: async () => {
      searches += 1;
      return [{ ...group, name: 'Warehouse' }];
    },
  };
  const reading = readLive(stale, [change], {
    clock,
    microtenantId: '0',
    signal: new AbortController().signal,
    rules: async () => ({ status: 'unread', reason: 'not needed' }),
  });
  await expect(reading).rejects.toMatchObject({ fault: { code: 'names-differ', class: 'unknown', effect: 'none' } });
  expect(searches).toBe(2);
});
