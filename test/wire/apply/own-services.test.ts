import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultMatch } from '../../../local/aws/common/faults.ts';
import { aftermath } from './aftermath.ts';
import { describing, lanesInTurn, type SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/** Our own AWS calls fail (scope platform): the batch is retried, nothing is rejected, each effect occurs once. */

let world: WorkerWorld;
let next: () => SmallLane;
beforeAll(async () => {
  world = await startWorkerWorld({ lanes: 12 });
  next = lanesInTurn(world.lanes);
});
afterAll(() => world.close());

/** `times`: the number of refused requests, including the SDK's retries (three attempts each). */
const FAILING: [string, FaultMatch, number][] = [
  ['all of DynamoDB', { service: 'dynamodb' }, 9],
  ['every write to DynamoDB', { service: 'dynamodb', operation: 'PutItem' }, 9],
  ['every read of DynamoDB', { service: 'dynamodb', operation: 'GetItem' }, 9],
  ['the query of what is open', { service: 'dynamodb', operation: 'Query' }, 3],
  ['the announcement', { service: 'sns', operation: 'Publish' }, 3],
  ['the sending of the failure', { service: 'sqs', operation: 'SendMessage' }, 3],
  ['the acknowledgement', { service: 'sqs', operation: 'DeleteMessageBatch' }, 3],
  ['the reading of the secret', { service: 'secretsmanager', operation: 'GetSecretValue' }, 3],
];

describe('AWS refuses', () => {
  it.each(FAILING)('%s for a while: nothing is lost, rejected for it or done twice', async (_, match, times) => {
    const lane = next();
    const accepted = await world.accept(lane, [
      describing('K1', lane.alpha),
      { idempotencyKey: 'K2', action: 'delete', group: { id: lane.beta } },
      describing('K3', lane.alpha),
    ]);
    world.endpoint.faults.fail(match, 500, times);
    await world.settle();
    expect(world.endpoint.faults.pending()).toBe(0);
    expect(await aftermath(world, lane, accepted)).toEqual({
      ...{ endings: ['applied', 'group-not-empty', 'applied'], sent: ['PUT', 'PUT'], effects: 2 },
    });
    expect(Math.max(...accepted.map(world.receivesOf))).toBeLessThanOrEqual(6);
  });

  it('the deferral, while the tenant is in trouble: the records come back later, nothing else', async () => {
    const lane = next();
    world.endpoint.faults.fail({ service: 'sqs', operation: 'ChangeMessageVisibilityBatch' }, 500, 3);
    world.simulator.faults.script({ path: lane.customerId }, { kind: 'reset' }, 2);
    const accepted = await world.accept(lane, [describing('K1', lane.alpha)]);
    await world.settle();
    const seen = await aftermath(world, lane, accepted);
    expect(seen).toEqual({ endings: ['applied'], sent: ['PUT'], effects: 1 });
    expect(world.endpoint.faults.pending()).toBe(0);
  });
});
