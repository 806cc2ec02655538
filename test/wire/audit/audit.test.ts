import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../../local/world/world.ts';
import { createAuditReader } from '../../../shared/aws/audit-store.ts';
import { clientOptions } from '../../../shared/aws/clients.ts';
import { readLine } from '../../../shared/domain/audit/audit-line.ts';
import { outcomeLineOf } from '../../../shared/domain/audit/outcome-line.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ timeFactor: 20, schedules: false });
});
afterAll(() => world.close());

async function settle(idempotencyKey: string, more: object) {
  const change = { schemaVersion: 1, idempotencyKey, tenant: 'acme-prod', ...more };
  await world.deliver('ops', { changes: [change] });
  const [record] = await world.awaitSettled(world.refs('ops', [idempotencyKey]));
  if (record === undefined) throw new Error('it is settled');
  await world.runAudit();
  return record;
}
const trail = () => createAuditReader({ env: world.environment, bucket: world.environment.AUDIT_BUCKET ?? '' });

describe('the audit function as it is deployed', () => {
  it('writes what a change did, as the ledger has it, under the key that follows from its record', async () => {
    const record = await settle('AUD-1/1@A', { action: 'create', group: { name: 'Audited' }, enabled: true });
    const expected = outcomeLineOf(record, 1);
    const stored = await trail().read(expected?.key ?? '');
    expect(readLine(JSON.parse(stored ?? '""'))).toEqual({ kind: 'line', line: expected?.line });
    expect(expected?.line).toMatchObject({
      outcome: { kind: 'applied', effect: { before: null, after: { name: 'Audited', enabled: true } } },
      settings: { acceptedBy: 1, settledBy: 1 },
    });
  });

  it('writes rejections too, and a message that comes again changes nothing', async () => {
    const record = await settle('AUD-2/1@A', { action: 'update', group: { name: 'Nowhere' }, set: { enabled: true } });
    const { key = '' } = outcomeLineOf(record, 1) ?? {};
    const before = await trail().read(key);
    expect(JSON.parse(before ?? '""')).toMatchObject({ outcome: { kind: 'rejected', code: 'group-not-found' } });
    const sqs = new SQSClient(clientOptions(world.environment));
    const again = { schemaVersion: 1, ref: record.ref, outcome: { generation: 1 } };
    const QueueUrl = world.environment.AUDIT_QUEUE_URL;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(again) }));
    sqs.destroy();
    await world.runAudit();
    expect(await trail().read(key)).toBe(before);
  });

  it('may do nothing that it does not do', () => {
    expect(world.endpoint.denials).toEqual([]);
  });
});
