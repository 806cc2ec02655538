import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Stopped } from '../../../../shared/domain/records/lane-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, LANE } from '../lane-world.ts';

export const group = (n: number) => `90${n}`;
export const describing = (n: number, tenant: string, description = tenant) => ({
  ...{ tenant, action: 'update', group: { id: group(n) }, set: { description } },
});
export const adding = (n: number, application: string, tenant: string) => ({
  ...{ tenant, action: 'update', group: { id: group(n) }, applications: { add: [{ id: application }] } },
});

/** Two tenants of one ZPA customer. Calls of a tenant meet its fault, as long as it has one. */
export function sharedLane() {
  const world = createLaneWorld();
  for (let n = 1; n <= 6; n += 1) world.addGroup({ id: group(n), name: `Group ${n}` });
  const { configuration, zpaFor } = world.ports;
  const { acme } = configuration.tenants;
  const { desk } = configuration.sources;
  if (acme === undefined || desk === undefined) throw new Error('both are configured');
  const grants = desk.grants.map((grant) => ({ ...grant, tenants: ['acme', 'sibling'] }));
  const sources = { desk: { ...desk, grants } };
  world.ports.configuration = { ...configuration, tenants: { acme, sibling: acme }, sources };
  const codes = new Map<string, string>();
  let calling = '';
  world.ports.zpaFor = (tenant, limiter) => {
    calling = tenant;
    return zpaFor(tenant, limiter);
  };
  world.tenant.interfere = () => {
    const code = codes.get(calling);
    return code === undefined ? undefined : { fault: aFault({ code, class: 'transient', scope: 'tenant' }) };
  };
  const changes: ChangeRecord[] = [];
  const accept = async (asked: { tenant: string }) => {
    changes.push(await world.accept(`T-${changes.length + 1}`, asked));
  };
  const endings = async () => {
    const records = await Promise.all(changes.map(({ ref }) => world.read(ref.idempotencyKey, ref.tenant)));
    return records.map(({ outcome }) => (outcome?.kind === 'rejected' ? outcome.code : (outcome?.kind ?? 'open')));
  };
  const stopped = async (): Promise<Stopped | undefined> => (await world.ledger.readLane(LANE)).stopped;
  return { world, codes, changes, accept, endings, stopped };
}
