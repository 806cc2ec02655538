import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../../local/world/world.ts';
import { clientFrom } from '../../../shared/aws/clients.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ timeFactor: 20, schedules: false });
});
afterAll(async () => {
  await world.close();
});

describe('the drift function as it is deployed', () => {
  it('reads ZPA with the read secret, stores the reports in S3 and announces them on SNS', async () => {
    world.simulator.store.createGroup({ name: 'By hand' });
    await world.runDrift();
    const s3 = clientFrom({ env: world.environment }, S3Client);
    const Key = 'drift/PRODUCTION-216196257331281920/latest.json';
    const answer = await s3.send(new GetObjectCommand({ Bucket: world.environment.REPORTS_BUCKET, Key }));
    const report = JSON.parse((await answer.Body?.transformToString()) ?? '');
    expect(report).toMatchObject({ schemaVersion: 2, complete: true, coverage: { managed: 0, drifted: 0 } });
    expect(report.unmanaged).toContainEqual(expect.objectContaining({ name: 'By hand' }));
    expect(report.startedAfresh).toBe('no-earlier-report');
    const announced = world.endpoint.published().map((one) => JSON.stringify(one));
    expect(announced.filter((text) => text.includes('drift-report'))).toHaveLength(2);
    expect(world.outcomes()).toEqual([]);
    await world.runDrift();
    const next = await s3.send(new GetObjectCommand({ Bucket: world.environment.REPORTS_BUCKET, Key }));
    expect(JSON.parse((await next.Body?.transformToString()) ?? '').history).toHaveLength(2);
  });
});
