import type { ApplyPorts } from '../../../functions/apply/lane/ports.ts';
import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import type { Interference } from '../../fakes/memory-zpa.ts';
import type { LaneWorld } from './lane-world.ts';

type World = Pick<LaneWorld, 'ports' | 'tenant' | 'clock'>;

/** Fails the writes of these places, counted from now on; `meanwhile` runs as each of them fails. */
export function failWrites(
  world: World,
  nths: number | readonly number[],
  fault: ZpaFault,
  effect: Interference['effect'] = 'before',
  meanwhile: () => void = () => undefined,
): void {
  const { interfere } = world.tenant;
  let writes = 0;
  world.tenant.interfere = (method, argument) => {
    const before = interfere(method, argument);
    writes += method === 'write' ? 1 : 0;
    if (method !== 'write' || ![nths].flat().includes(writes)) return before;
    meanwhile();
    return { fault, effect };
  };
}

/** Every client of ZPA from now on is changed like this. */
export function wrapZpa({ ports }: World, change: (zpa: Zpa, tenant: string) => Partial<Zpa>): void {
  const { zpaFor } = ports;
  ports.zpaFor = (tenant, limiter) => {
    const zpa = zpaFor(tenant, limiter);
    return { ...zpa, ...change(zpa, tenant) };
  };
}

/** Each such call takes so long, and tells when it is over. */
export function slow(world: World, method: 'write' | 'getGroup', ms: number): void {
  const late =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      const answer = await call(...args);
      await world.clock.sleep(ms);
      return answer;
    };
  wrapZpa(world, (zpa) => (method === 'write' ? { write: late(zpa.write) } : { getGroup: late(zpa.getGroup) }));
}

/** The operator edits the tenant's settings. */
export function configure({ ports }: World, settings: Partial<ApplyPorts['configuration']['tenants'][string]>): void {
  const { acme, ...others } = ports.configuration.tenants;
  if (acme === undefined) throw new Error('acme is configured');
  ports.configuration = { ...ports.configuration, tenants: { acme: { ...acme, ...settings }, ...others } };
}
