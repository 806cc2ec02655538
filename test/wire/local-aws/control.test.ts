import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from '../../../local/aws/endpoint.ts';

let aws: AwsEndpoint;
beforeAll(async () => {
  aws = await startAwsEndpoint({ timeFactor: 100 });
});
afterAll(() => aws.close());

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${aws.url}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

it('the control lists its calls, and refuses what is none of them', async () => {
  expect(await call('GET', '/__aws/')).toMatchObject({
    status: 200,
    text: expect.stringContaining('GET    /__aws/metrics'),
  });
  expect(await call('PUT', '/__aws/metrics')).toMatchObject({
    status: 404,
    text: expect.stringContaining('/__aws/faults'),
  });
  expect(await call('POST', '/__aws/faults', { service: 'sqs', oops: 1 })).toMatchObject({
    status: 400,
    text: expect.stringContaining('oops'),
  });
  expect(await call('POST', '/__aws/functions', { function: 'zpa-changes-notfiy', crash: 1 })).toMatchObject({
    status: 400,
    text: expect.stringMatching(/"notify"[\s\S]*at function/),
  });
  expect((await call('GET', '/__aws/functions')).text).toBe('{"stopped":[],"crashing":{}}\n');
  expect(await call('POST', '/__aws/time', { seconds: -1 })).toMatchObject({ status: 400 });
  expect(await call('POST', '/2015-03-31/functions/zpa-changes-sweep/invocations')).toMatchObject({ status: 400 });
});

it('a function is started under the name that it has in AWS, and one that may not start or crashes is shown', async () => {
  aws.functions.onInvoke(async (name) => ({ ran: name }));
  const invoked = await call('POST', '/2015-03-31/functions/zpa-changes-sweep/invocations', {});
  expect(invoked).toEqual({ status: 200, text: '{"ran":"sweep"}\n' });
  await call('POST', '/__aws/functions', { function: 'drift', stopped: true });
  await call('POST', '/__aws/functions', { function: 'notify', crash: 2 });
  expect((await call('GET', '/__aws/functions')).text).toBe('{"stopped":["drift"],"crashing":{"notify":2}}\n');
});

it('a fault hits the requests of its text alone, and is counted as a metric of the table', async () => {
  await call('POST', '/__aws/faults', {
    service: 'dynamodb',
    operation: 'Query',
    contains: '"TableName":"a"',
    times: 3,
  });
  const query = (TableName: string) =>
    fetch(aws.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.Query', authorization: 'Credential=local/x' },
      body: JSON.stringify({ TableName }),
    });
  expect((await query('a')).status).toBe(500);
  expect((await query('b')).status).not.toBe(500);
  expect((await call('GET', '/__aws/faults')).text).toBe('2\n');
  expect((await call('GET', '/__aws/metrics')).text).toBe(
    'AWS/DynamoDB SystemErrors {TableName=a, Operation=Query} 1\n',
  );
  await call('DELETE', '/__aws/faults');
  await call('POST', '/__aws/time', { seconds: 301 });
  expect((await call('GET', '/__aws/metrics')).text).toBe('');
});
