import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { zpaWrites } from '../../local/world/snapshot/zpa-writes.ts';
import type { World } from '../../local/world/world.ts';
import { clientOptions } from '../../shared/aws/clients.ts';
import type { ChangeMessage } from '../../shared/domain/ledger/message.ts';
import { create, endings, groupNames, inWorld } from './in-world.ts';

const LANE = 'PRODUCTION:216196257331281920';

/** Past ingest, straight onto the queue, as a caller with the right to send could; in one batch, in one message group. */
async function inject(world: World, bodies: readonly string[]): Promise<void> {
  const client = new SQSClient(clientOptions(world.environment));
  await client.send(
    new SendMessageBatchCommand({
      QueueUrl: world.environment.CHANGES_QUEUE_URL,
      Entries: bodies.map((MessageBody, index) => ({
        Id: String(index),
        MessageBody,
        MessageGroupId: LANE,
        MessageDeduplicationId: randomUUID(),
      })),
    }),
  );
  client.destroy();
}

function forgedMessage(key: string, name: string): ChangeMessage {
  return {
    schemaVersion: 1,
    ref: { lane: LANE, source: 'ops', tenant: 'acme-prod', idempotencyKey: key },
    fingerprint: 'a'.repeat(64),
    generation: 1,
    reason: 'accept',
    correlationId: 'forged',
    change: create(key, name) as unknown as ChangeMessage['change'],
  };
}

/** The message of a change that the ledger holds, once more. */
async function messageOf(world: World, key: string): Promise<ChangeMessage> {
  const [ref] = world.refs('ops', [key]);
  const record = ref === undefined ? undefined : await world.ledger.readChange(ref);
  if (record === undefined) throw new Error(`no change ${key}`);
  const { fingerprint, generation, correlationId, change } = record;
  return { schemaVersion: 1, ref: record.ref, fingerprint, generation, reason: 'accept', correlationId, change };
}

const failuresOf = (world: World, count: number) =>
  world.until(async () => (world.failures().length >= count ? world.failures() : undefined));

describe('messages that ingest did not send', () => {
  it('are dead-lettered with a reason and never executed, and harm nothing beside them', async () => {
    await inWorld({}, async (world) => {
      await world.deliver('ops', create('K1', 'Genuine'));
      await inject(world, [
        'not even JSON',
        JSON.stringify({ schemaVersion: 1, hello: 'world' }),
        JSON.stringify(forgedMessage('FORGED-1', 'Forged')),
      ]);
      await world.deliver('ops', create('K2', 'Genuine too'));

      expect(await endings(world, ['K1', 'K2'])).toEqual(['applied', 'applied']);
      const failures = await failuresOf(world, 3);
      expect(failures.map((failure) => failure.rejection.kind === 'rejected' && failure.rejection.code).sort()).toEqual(
        ['malformed-message', 'malformed-message', 'unknown-origin'],
      );
      expect(failures.some((failure) => failure.original?.includes('not even JSON'))).toBe(true);
      expect(await groupNames(world)).not.toContain('Forged');
      expect((await world.changes()).map((one) => one.ref.idempotencyKey)).toEqual(['K1', 'K2']);
    });
  });

  it('are of unknown origin also when they name an accepted change with another body', async () => {
    await inWorld({}, async (world) => {
      await world.deliver('ops', create('K1', 'Agreed'));
      await endings(world, ['K1']);
      await inject(world, [JSON.stringify({ ...forgedMessage('K1', 'Not agreed') })]);
      const [failure] = await failuresOf(world, 1);
      expect(failure?.rejection).toMatchObject({ code: 'unknown-origin' });
      expect(await groupNames(world)).not.toContain('Not agreed');
    });
  });
});

describe('two records of one change', () => {
  it('in one batch have one effect and are both acknowledged', async () => {
    await inWorld({}, async (world) => {
      await world.deliver('ops', create('K1', 'Once'));
      const twice = JSON.stringify(await messageOf(world, 'K1'));
      await inject(world, [twice, twice]);
      expect(await endings(world, ['K1'])).toEqual(['applied']);
      await world.until(async () => ((await world.snapshot()).queued === 0 ? true : undefined));
      expect(zpaWrites(world.simulator)).toHaveLength(1);
      expect(world.outcomes()).toHaveLength(1);
      expect(world.failures()).toEqual([]);
    });
  });
});
