import type { World } from '../../../local/world/world.ts';
import { laneName } from '../../../shared/domain/lane/change-ref.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import { aChange, anApplied, anUpdate, aRef } from '../../fakes/records.ts';

/** Leaves an open intent in a lane, and no message that would wake a worker for it. */
export async function leaveIntent(world: World, key: string): Promise<string> {
  const tenant = world.configuration.tenants['globex-prod'];
  if (tenant === undefined) throw new Error('the local world has this tenant');
  const lane = laneName(tenant);
  const before = world.simulator
    .storeOf(tenant.customerId)
    .createGroup({ name: `Group of ${key}`, description: 'as it was' });
  const ref = aRef(key, { lane, source: 'ops', tenant: 'globex-prod' });
  const change = anUpdate({ tenant: 'globex-prod', idempotencyKey: key });
  const sequence = await world.ledger.takeSequences(lane, 1);
  await world.ledger.writeChange(aChange({ ref, change, sequence, version: 0, state: 'queued' }), 0);
  const { effect, approved, reach } = anApplied();
  const fields = { name: before.name, description: 'as intended', enabled: true, configSpace: 'DEFAULT' };
  const write = { kind: 'update', via: 'v2', groupId: before.id, microtenantId: '0', fields } as const;
  const group = { id: before.id, ...fields, description: 'as it was', microtenantId: '0', applicationIds: [] };
  const intent: Intent = {
    writeId: 'w1',
    tenant: 'globex-prod',
    members: [{ ref, generation: 1, sequence, ending: { kind: 'applied', effect, approved, reach } }],
    writes: [
      {
        write: { ...write, addedApps: ['926196382959075422'], deletedApps: [] },
        before: {
          ...{ ...group, readOnly: false },
          ...{ modifiedBy: undefined, modifiedTime: undefined, creationTime: undefined },
        },
      },
    ],
    cursor: 0,
    sendBefore: Date.now() - 60_000,
  };
  const record = await world.ledger.readLane(lane);
  await world.ledger.writeLane({ ...record, intent }, record.version);
  return lane;
}
