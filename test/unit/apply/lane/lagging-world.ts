import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Zpa } from '../../../../shared/ports/ports.ts';
import { createMemoryTenant } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld } from '../lane-world.ts';

type ReadMethod = Exclude<keyof Zpa, 'write' | 'probe'>;

/** A world whose ZPA answers some kinds of reads as the tenant was at the last `keep`. */
export function createLaggingWorld() {
  const world = createLaneWorld();
  const replica = createMemoryTenant(world.clock);
  let lagging: ReadonlySet<string> = new Set();
  let until = 0;
  const { zpaFor } = world.ports;
  world.ports.zpaFor = (tenant, limiter) => {
    const fresh = zpaFor(tenant, limiter);
    const old = replica.client(limiter);
    return new Proxy(fresh, {
      get: (_, method: keyof Zpa) => (lagging.has(method) && world.clock.now() < until ? old : fresh)[method],
    });
  };
  const settleTogether = (...changes: ChangeRecord[]) => world.settle(changes);
  return {
    ...world,
    /** The replica shows the tenant as it is now, once it lags. */
    keep() {
      for (const kind of ['groups', 'applications'] as const) {
        replica[kind].clear();
        for (const [id, one] of world.tenant[kind]) replica[kind].set(id, structuredClone(one) as never);
      }
    },
    lag(forMs: number, ...methods: ReadMethod[]) {
      lagging = new Set(methods);
      until = world.clock.now() + forMs;
    },
    settleTogether,
    run: world.play,
    live: world.group,
    idOf: (name: string) => [...world.tenant.groups.values()].find((group) => group.name === name)?.id ?? '',
  };
}
