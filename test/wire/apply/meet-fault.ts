import type { FaultInput } from '../../../local/zpa-simulator/behaviour/faults.ts';
import { aftermath } from './aftermath.ts';
import { describing, type SmallLane } from './small-lanes.ts';
import type { WorkerWorld } from './worker-world.ts';

/**
 * The first change meets `fault` on its group, `times` times; the second change is of another group and comes after it.
 */
export async function meetFault(world: WorkerWorld, lane: SmallLane, fault: FaultInput, method: string, times: number) {
  const began = world.time.worker.now();
  world.simulator.faults.script({ method, path: `${lane.customerId}/segmentGroup/${lane.alpha}` }, fault, times);
  const accepted = await world.accept(lane, [describing('K1', lane.alpha), describing('K2', lane.beta)]);
  await world.settle();
  world.simulator.faults.clear();
  const { endings, sent, effects } = await aftermath(world, lane, accepted);
  return { lane, accepted, endings, sent: sent.length, effects, tookMs: world.time.worker.now() - began };
}
