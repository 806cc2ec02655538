import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDriftQueue } from '../../../shared/aws/messaging/drift-queue.ts';
import { openScriptedAws } from './scripted-aws.ts';

type Entry = { Id: string; MessageGroupId: string; MessageDeduplicationId: string; MessageBody: string };
/** The answer of SQS for an entry that it took; the SDK compares the digest. */
const taken = ({ Id, MessageBody }: Entry) => ({
  Id,
  MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
});

const requests = Array.from({ length: 23 }, (_, n) => ({
  schemaVersion: 1 as const,
  lane: `BETA:${n}`,
  askedAt: 1_800_000_000_000,
}));

describe('the queue of drift', () => {
  it('has a group per lane, and is asked once per lane and round', async () => {
    const aws = await openScriptedAws(({ body }) => ({ body: { Successful: (body.Entries as Entry[]).map(taken) } }));
    await createDriftQueue({ env: aws.env, queueUrl: 'http://127.0.0.1/q.fifo' }).send(requests);
    const entries = aws.requests.flatMap(({ body }) => body.Entries as Entry[]);
    expect(aws.requests).toHaveLength(3);
    expect(entries.map((one) => one.MessageGroupId)).toEqual(requests.map(({ lane }) => lane));
    expect(new Set(entries.map((one) => one.MessageDeduplicationId)).size).toBe(23);
    expect(JSON.parse(entries[0]?.MessageBody ?? '')).toEqual(requests[0]);
    await aws.close();
  });

  it('takes what it can where some lanes are not taken, and then says how many', async () => {
    let calls = 0;
    const aws = await openScriptedAws(({ body }) => {
      calls += 1;
      const entries = body.Entries as Entry[];
      if (entries[0]?.MessageGroupId === 'BETA:0') return { status: 400, body: { __type: 'InvalidParameterValue' } };
      return { body: { Successful: entries.slice(1).map(taken), Failed: [] } };
    });
    const sent = createDriftQueue({ env: aws.env, queueUrl: 'http://127.0.0.1/q.fifo' }).send(requests);
    await expect(sent).rejects.toMatchObject({
      code: 'send-failed',
      message: expect.stringContaining('12 of 23 lanes'),
    });
    expect(calls).toBe(3);
    await aws.close();
  });
});
