import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readAlarms } from '../../../shared/aws/inspect/alarms.ts';
import { readDeniedCalls } from '../../../shared/aws/inspect/denied-calls.ts';
import { isAccessDenied } from '../../../shared/aws/inspect/inspect-error.ts';
import { readLastGoodRun, readOldestMessage } from '../../../shared/aws/inspect/metrics.ts';
import { readStackState } from '../../../shared/aws/inspect/stack-state.ts';
import { readIsRestorable, readTableState } from '../../../shared/aws/inspect/table-state.ts';
import { openScriptedAws, type ScriptedAws } from './scripted-aws.ts';

let aws: ScriptedAws | undefined;
afterEach(async () => aws?.close());

/** Answers the calls in their order; the last answer goes on. */
async function answering(...bodies: unknown[]) {
  let next = 0;
  aws = await openScriptedAws(() => ({ body: bodies[Math.min(next++, bodies.length - 1)] }));
  return aws;
}

async function refusing(name: string) {
  aws = await openScriptedAws(() => ({ status: 400, body: { __type: name, message: 'no' } }));
  return aws;
}

const AT = 1_764_576_000;
const SPAN = { from: (AT - 3600) * 1000, until: AT * 1000 };

describe('alarms', () => {
  const alarm = (AlarmName: string, topic: string, more: object) => ({
    AlarmName,
    AlarmActions: [`arn:aws:sns:eu-central-1:1:${topic}`],
    StateValue: 'OK',
    StateUpdatedTimestamp: AT,
    EvaluationPeriods: 3,
    ...more,
  });

  it('are those that notify the topic of the stack, over all pages', async () => {
    const { env, requests } = await answering(
      {
        MetricAlarms: [
          alarm('prod-oldest-message', 'prod-alarms', { Period: 300 }),
          alarm('prod-two-oldest-message', 'prod-two-alarms', { Period: 300 }),
        ],
        NextToken: 'more',
      },
      {
        MetricAlarms: [
          alarm('prod-sweep-silent', 'prod-alarms', {
            Metrics: [
              { Id: 'sum', Expression: 'runs' },
              { Id: 'runs', MetricStat: { Period: 300, Stat: 'Sum' } },
            ],
          }),
        ],
      },
    );
    expect(await readAlarms({ env, stack: 'prod', topic: 'prod-alarms' })).toEqual([
      { name: 'oldest-message', state: 'OK', since: AT * 1000, quietMs: 900_000 },
      { name: 'sweep-silent', state: 'OK', since: AT * 1000, quietMs: 900_000 },
    ]);
    expect(requests.map(({ body }) => body)).toMatchObject([{ AlarmNamePrefix: 'prod-' }, { NextToken: 'more' }]);
  });

  it('that may not be read reject as denied', async () => {
    const { env } = await refusing('AccessDenied');
    const error = await readAlarms({ env, stack: 'prod', topic: 'prod-alarms' }).catch((one: unknown) => one);
    expect(isAccessDenied(error)).toBe(true);
  });
});

describe('metrics', () => {
  const points = (...values: number[]) => ({
    MetricDataResults: [{ Id: 'x', Timestamps: values.map((_, index) => AT - index * 300), Values: values }],
  });

  it('tell the newest period with a good run', async () => {
    const { env } = await answering(points(0, 0, 4, 5));
    expect(await readLastGoodRun({ env }, 'prod-sweep', SPAN)).toBe((AT - 600) * 1000);
    await aws?.close();
    const silent = await answering(points(0, -1));
    expect(await readLastGoodRun({ env: silent.env }, 'prod-sweep', SPAN)).toBeUndefined();
  });

  it('tell the age of the oldest message as it was measured last', async () => {
    const { env, requests } = await answering(points(7, 900));
    expect(await readOldestMessage({ env }, 'prod-changes.fifo', SPAN)).toBe(7000);
    expect(JSON.stringify(requests[0]?.body)).toContain('prod-changes.fifo');
  });
});

describe('denied calls', () => {
  const event = (message: string) => ({ message, timestamp: 1 });

  it('name action and resource, and nothing else of the line', async () => {
    const { env } = await answering(
      { events: [], nextToken: 'more' },
      {
        events: [
          event(
            '{"message":"hunter2 not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-central-1:1:prod-changes.fifo because"}',
          ),
          event('The secret prod/source/desk could not be read: AccessDeniedException hunter2'),
          event('hunter2 AccessDenied'),
        ],
      },
    );
    expect(await readDeniedCalls({ env }, 'prod-apply', 0)).toEqual({
      complete: true,
      calls: [
        { action: 'sqs:SendMessage on arn:aws:sqs:eu-central-1:1:prod-changes.fifo', at: 1 },
        { action: 'secretsmanager:GetSecretValue on prod/source/desk', at: 1 },
        { action: 'a call that the log names', at: 1 },
      ],
    });
  });

  it('are incomplete if the log has no end', async () => {
    const { env } = await answering({ events: [], nextToken: 'more' });
    expect(await readDeniedCalls({ env }, 'prod-apply', 0)).toEqual({ calls: [], complete: false });
  });
});

describe('tables', () => {
  it('tell their state, protection and backups', async () => {
    const recovery = (PointInTimeRecoveryStatus: string) => ({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
      },
    });
    const { env } = await answering(
      { Table: { TableStatus: 'ACTIVE', DeletionProtectionEnabled: true } },
      { Table: { TableStatus: 'UPDATING' } },
      recovery('ENABLED'),
      recovery('DISABLED'),
    );
    expect(await readTableState({ env }, 'x')).toEqual({ status: 'ACTIVE', isProtected: true });
    expect(await readTableState({ env }, 'x')).toEqual({ status: 'UPDATING', isProtected: false });
    expect(await readIsRestorable({ env }, 'x')).toBe(true);
    expect(await readIsRestorable({ env }, 'x')).toBe(false);
  });
});

describe('the stack', () => {
  const ANSWER = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <DescribeStacksResult><Stacks><member>
    <StackName>prod</StackName><StackStatus>UPDATE_COMPLETE</StackStatus>
    <CreationTime>2026-11-01T08:00:00Z</CreationTime><LastUpdatedTime>2026-12-01T08:00:00Z</LastUpdatedTime>
    <EnableTerminationProtection>true</EnableTerminationProtection>
    <Outputs><member><OutputKey>Version</OutputKey><OutputValue>1.2.0</OutputValue></member></Outputs>
  </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

  it('tells its state and version', async () => {
    const server = createServer((_, outgoing) => outgoing.writeHead(200, { 'content-type': 'text/xml' }).end(ANSWER));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: 'eu-central-1' };
    expect(await readStackState({ env }, 'prod')).toEqual({
      status: 'UPDATE_COMPLETE',
      isProtected: true,
      madeAt: Date.UTC(2026, 10, 1, 8),
      deployedAt: Date.UTC(2026, 11, 1, 8),
      version: '1.2.0',
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
