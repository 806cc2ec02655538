import { deepEqual, equal, fail, match, rejects } from 'node:assert/strict';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ACTS_BEGIN } from '../../../shared/domain/audit/audit-key.ts';
import type { Deployment, Story } from '../deployment.ts';
import { createCliUser } from '../product/cli-user.ts';
import { optionsAs } from '../product/clients.ts';
import { until } from '../report/until.ts';

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
// A run over midnight settles on two days.
const DAYS = ['--from', day(Date.now()), '--to', day(Date.now() + 86_400_000)];

/**
 * An auditor with the rights that docs/audit.md lists reads and verifies the trail; nobody replaces or deletes a line
 * of it.
 */
export const verifyTrail: Story = async (deployment, say) => {
  const user = await createCliUser(deployment, 'auditor');
  try {
    const { signal } = deployment;
    const verified = await until('a line of each outcome', { say, signal }, async () => {
      const { code, stdout } = await user.run(['--json', 'audit', 'verify', ...DAYS]);
      const found = code === 0 ? JSON.parse(stdout) : undefined;
      return found?.underWay === 0 ? found : undefined;
    });
    deepEqual([verified.faults, verified.forgotten], [[], []]);
    const shown = await user.run(['audit', 'show', 'REQ-7']);
    match(shown.stdout, /failures dismiss done[\s\S]*user\/\S+-operator/);
    const exported = await user.run(['audit', 'export', ...DAYS, '--format', 'csv']);
    equal(exported.stdout.trimEnd().split('\r\n').length - 1, verified.outcomes + verified.acts);
    const refused = await user.run(['lanes', 'pause', 'acme-prod', '--reason', 'an auditor may not']);
    match(refused.stderr, /audit-failed|ledger-unavailable/);
    await mayReplaceNothing(deployment);
    return `${verified.outcomes} outcomes, ${verified.acts} lines of acts, no fault; nobody may replace or delete a line`;
  } finally {
    await user.remove();
  }
};

/** An operator may add lines of acts: but not over one that is there, nor without asking whether one is. */
async function mayReplaceNothing(deployment: Deployment): Promise<void> {
  const { product, site } = deployment;
  const Bucket = product.outputs.AuditBucket ?? '';
  const { Contents = [] } = await deployment.clients.s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: ACTS_BEGIN, MaxKeys: 1 }),
  );
  const Key = Contents[0]?.Key ?? '';
  match(Key, /^acts\//);
  const operator = await createCliUser(deployment, 'operator');
  const client = new S3Client(optionsAs(operator.keys, site));
  try {
    const put = (more: object) => client.send(new PutObjectCommand({ Bucket, Key, Body: '{}', ...more }));
    await until('rights of the operator', { say: () => {}, signal: deployment.signal }, async () =>
      put({ IfNoneMatch: '*' }).then(
        () => fail('a line was replaced'),
        (error: Error) => error.name === 'PreconditionFailed' || undefined,
      ),
    );
    await rejects(put({}), { name: 'AccessDenied' });
    await rejects(client.send(new DeleteObjectCommand({ Bucket, Key })), { name: 'AccessDenied' });
  } finally {
    client.destroy();
    await operator.remove();
  }
}
