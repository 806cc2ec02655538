import { GetQueueAttributesCommand, SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import type { World } from '../../local/world/world.ts';
import { clientOptions } from '../../shared/aws/clients.ts';
import { endings, groupNames, inWorld, update } from './in-world.ts';

/** "Start DLQ redrive" of the AWS console, to a destination of one's own choice. */
async function moveBack({ environment }: World): Promise<void> {
  const client = new SQSClient(clientOptions(environment));
  const arnOf = async (QueueUrl: string | undefined): Promise<string> => {
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    return Attributes?.QueueArn ?? '';
  };
  const SourceArn = await arnOf(environment.FAILURES_QUEUE_URL);
  const DestinationArn = await arnOf(environment.CHANGES_QUEUE_URL);
  await client.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
  client.destroy();
}

const generationOf = async (world: World) => (await world.changes())[0]?.generation;

it('a failure that the AWS console moves to changes.fifo is re-opened, and applied once its cause is gone', async () => {
  await inWorld({}, async (world) => {
    await world.deliver('ops', update('K1', { name: 'Not Yet There' }, { set: { description: 'x' } }));
    expect(await endings(world, ['K1'])).toEqual(['group-not-found']);
    world.simulator.store.renameGroup('45096653', 'Not Yet There');

    await moveBack(world);
    await world.until(async () => ((await generationOf(world)) === 2 ? true : undefined));
    expect(await endings(world, ['K1'])).toEqual(['applied']);
    expect(await groupNames(world)).toContain('Not Yet There');
    expect(world.failures()).toEqual([]);
    expect(world.outcomes().map((one) => one.outcome.kind)).toEqual(['rejected', 'applied']);
  });
});
