import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCallerArn } from '../../../shared/aws/caller-identity.ts';

/** AWS's answer as its API reference shows it. */
const ANSWER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::123456789012:user/Alice</Arn>
    <UserId>AIDACKCEVSQ6C2EXAMPLE</UserId>
    <Account>123456789012</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata><RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>`;
const REFUSAL = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>
  <Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token is expired</Message></Error></ErrorResponse>`;

let answer = { status: 200, body: ANSWER };
const server = createServer((_, outgoing) => {
  outgoing.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const env = () => ({
  AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  AWS_REGION: 'eu-central-1',
});

it('is the ARN that AWS knows the caller by', async () => {
  expect(await readCallerArn({ env: env() })).toBe('arn:aws:iam::123456789012:user/Alice');
});

it('cannot be read with credentials that have expired', async () => {
  answer = { status: 403, body: REFUSAL };
  await expect(readCallerArn({ env: env() })).rejects.toMatchObject({ code: 'identity-unavailable' });
});
