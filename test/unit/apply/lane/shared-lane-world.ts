import type { Stopped } from '../../../../shared/domain/records/lane-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { configure } from '../interfere.ts';
import { createLaneWorld } from '../lane-world.ts';

export const group = (n: number) => `90${n}`;
export const describing = (n: number, tenant: string, description = tenant) => ({
  ...{ tenant, action: 'update', group: { id: group(n) }, set: { description } },
});
export const adding = (n: number, application: string, tenant: string) => ({
  ...{ tenant, action: 'update', group: { id: group(n) }, applications: { add: [{ id: application }] } },
});

/** Two tenants of one ZPA customer with these changes. Calls of a tenant meet its fault, as long as it has one. */
export async function sharedLane(faults: Record<string, string> = {}, asked: readonly { tenant: string }[] = []) {
  const world = createLaneWorld();
  for (let n = 1; n <= 6; n += 1) world.addGroup({ id: group(n), name: `Group ${n}` });
  const { configuration, zpaFor } = world.ports;
  const { acme } = configuration.tenants;
  const { desk } = configuration.sources;
  if (acme === undefined || desk === undefined) throw new Error('both are configured');
  const grants = desk.grants.map((grant) => ({ ...grant, tenants: ['acme', 'sibling'] }));
  const sources = { desk: { ...desk, grants } };
  world.ports.configuration = { ...configuration, tenants: { acme, sibling: acme }, sources };
  const codes = new Map(Object.entries(faults));
  let calling = '';
  world.ports.zpaFor = (tenant, limiter) => {
    calling = tenant;
    return zpaFor(tenant, limiter);
  };
  world.tenant.interfere = () => {
    const code = codes.get(calling);
    return code === undefined ? undefined : { fault: aFault({ code, class: 'transient', scope: 'tenant' }) };
  };
  const changes = await world.acceptAll(...asked);
  const accept = async (...more: { tenant: string }[]) => void changes.push(...(await world.acceptAll(...more)));
  const stopped = async (): Promise<Stopped | undefined> => (await world.lane()).stopped;
  /** How often the lane was alarmed. */
  const stops = () => world.log.lines.filter(({ message }) => message === 'lane stopped').length;
  /** One invocation with all messages; answers the endings. */
  const work = async () => {
    await world.invoke(changes);
    return world.endings();
  };
  /** All is mended; answers the endings. */
  const settle = async () => {
    codes.clear();
    await world.settle(changes);
    return world.endings();
  };
  const setMode = (mode: 'paused' | 'apply') => configure(world, { mode });
  return { world, codes, changes, accept, endings: () => world.endings(), stopped, stops, work, settle, setMode };
}
