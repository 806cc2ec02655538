import { request } from 'node:http';
import { expect, it } from 'vitest';
import { startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { startReceiver } from '../../../local/ticket-systems/receiver.ts';
import { startSimulator } from '../../../local/zpa-simulator/simulator.ts';

type Headers = Record<string, string>;

/** Sends a request as a browser may: `fetch` would not let us choose the Host. */
function statusOf(url: string, method: string, headers: Headers): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('error', reject);
    call.end(method === 'POST' ? '{}' : undefined);
  });
}

/** A web page that the user visits: it has its own host name resolved to 127.0.0.1, or calls the address as another origin. */
const PAGES: [page: string, headersAt: (port: string) => Headers][] = [
  ['a page whose name was bound to this address', (port) => ({ host: `evil.example:${port}` })],
  ['a page of another origin', () => ({ origin: 'http://evil.example' })],
  ['a page without an origin, as of a sandboxed frame', () => ({ origin: 'null' })],
];

it.each(PAGES)('%s reaches no secret, queue or topic', async (_, headersAt) => {
  const aws = await startAwsEndpoint();
  const { port } = new URL(aws.url);
  const signed = {
    authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/secretsmanager/aws4_request',
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'secretsmanager.ListSecrets',
  };
  expect(await statusOf(aws.url, 'POST', { ...signed, ...headersAt(port) })).toBe(421);
  expect(await statusOf(aws.url, 'POST', { ...signed, host: `localhost:${port}` })).not.toBe(421);
  await aws.close();
});

it.each(PAGES)('%s reads and changes no ticket', async (_, headersAt) => {
  const receiver = await startReceiver();
  const { port } = new URL(receiver.url);
  expect(await statusOf(receiver.url, 'GET', headersAt(port))).toBe(421);
  expect(await statusOf(receiver.url, 'POST', headersAt(port))).toBe(421);
  expect(receiver.calls).toEqual([]);
  expect(await statusOf(receiver.url, 'GET', {})).toBe(200);
  expect(await statusOf(receiver.url, 'GET', { host: `[::1]:${port}` })).toBe(200);
  // Forms of its own pages name its own origin.
  expect(await statusOf(receiver.url, 'POST', { origin: new URL(receiver.url).origin })).not.toBe(421);
  await receiver.close();
});

it.each(PAGES)('%s scripts no fault of the simulator', async (_, headersAt) => {
  const zpa = await startSimulator();
  const { port } = new URL(zpa.url);
  const control = `${zpa.url}/__simulator/reset`;
  expect(await statusOf(control, 'POST', headersAt(port))).toBe(403);
  expect(await statusOf(control, 'POST', {})).not.toBe(403);
  await zpa.close();
});
