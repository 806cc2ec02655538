import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Zpa } from '../../../../shared/ports/ports.ts';
import { createMemoryTenant } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld } from '../lane-world.ts';

export const OTHER = '72057594037930002';
export const MINUTE = 60_000;
type ReadMethod = Exclude<keyof Zpa, 'write' | 'probe'>;

/** A world whose ZPA answers some kinds of reads as the tenant was at the last `keep`. */
export function createLaggingWorld() {
  const world = createLaneWorld();
  const replica = createMemoryTenant(world.clock);
  let lagging: ReadonlySet<string> = new Set();
  let until = 0;
  const ports: ApplyPorts = {
    ...world.ports,
    zpaFor(tenant, limiter) {
      const fresh = world.ports.zpaFor(tenant, limiter);
      const old = replica.client(limiter);
      return new Proxy(fresh, {
        get: (_, method: keyof Zpa) => (lagging.has(method) && world.clock.now() < until ? old : fresh)[method],
      });
    },
  };
  async function settle(...changes: ChangeRecord[]): Promise<void> {
    for (let round = 0; round < 40; round += 1) {
      const retried = await world.invoke(changes, ports);
      if (retried.length === 0) return;
      await world.clock.advance(world.deferral.deferred.at(-1)?.delayMs ?? MINUTE);
    }
    throw new Error('not settled');
  }
  const ask = (key: string, change: Record<string, unknown>) => world.accept(key, change);
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
    ask,
    settleTogether: settle,
    run: async (key: string, change: Record<string, unknown>) => settle(await ask(key, change)),
    outcomeOf: async (key: string) => (await world.read(key)).outcome,
    live: (id: string) => world.tenant.groups.get(id),
    idOf: (name: string) => [...world.tenant.groups.values()].find((group) => group.name === name)?.id ?? '',
  };
}

export const LONG_AGO = 1_700_000_000;
export const update = (id: string, rest: Record<string, unknown>) => ({ action: 'update', group: { id }, ...rest });
