import { resourceNames } from '../local/aws/common/resource-names.ts';
import type { World } from '../local/world/world.ts';

/** The queue of changes is empty: everything is done and acknowledged. */
export function awaitEmptyQueue(world: World): Promise<true> {
  const { changes } = resourceNames(world.configuration.name);
  return world.until(async () => {
    const contents = world.endpoint.contents(changes, 0);
    const left = (contents?.visible ?? 0) + (contents?.inFlight ?? 0) + (contents?.delayed ?? 0);
    return left === 0 ? true : undefined;
  });
}
