import type { ApplyPorts } from '../../../functions/apply/lane/ports.ts';
import { interrupted, type PortCall } from '../../fakes/interrupted.ts';
import type { LaneWorld } from './lane-world.ts';

/** The worker process has died: its later calls have no effect and no answer. */
class Crash extends Error {}

/** Ports of one worker that dies at its `at`-th call, before or after that call took effect. */
export function dyingAt(
  world: LaneWorld,
  at: number,
  phase: PortCall['phase'],
): { ports: ApplyPorts; calls: () => number } {
  const counter = { calls: 0 };
  let dead = false;
  const ask = (call: PortCall) => {
    if (call.index === at && call.phase === phase) dead = true;
    if (dead) throw new Crash(`${call.port}.${call.method}`);
  };
  const wrap = <P extends object>(port: P, name: string): P => interrupted(port, name, ask, counter);
  const ports: ApplyPorts = {
    ...world.ports,
    ledger: wrap(world.ports.ledger, 'ledger'),
    failures: wrap(world.ports.failures, 'failures'),
    outcomes: wrap(world.ports.outcomes, 'outcomes'),
    deferral: wrap(world.ports.deferral, 'deferral'),
    acknowledgement: wrap(world.ports.acknowledgement, 'acknowledgement'),
    zpaFor: (tenant, limiter) => wrap(world.ports.zpaFor(tenant, limiter), 'zpa'),
  };
  return { ports, calls: () => counter.calls };
}
