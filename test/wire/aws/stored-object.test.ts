import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCatalogReader } from '../../../shared/aws/catalog-store.ts';
import { createLatestReports } from '../../../shared/aws/latest-reports.ts';

const DENIED = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
const listOf = (count: number) =>
  `<ListBucketResult><Prefix>catalog/acme.json</Prefix><KeyCount>${count}</KeyCount></ListBucketResult>`;

let list: { status: number; body: string };
const requests: string[] = [];
/** S3 for a role that may not read the object: a missing one is answered alike. */
const s3 = createServer((request, response) => {
  requests.push(request.url ?? '');
  const { status, body } = request.url?.includes('list-type=2') ? list : { status: 403, body: DENIED };
  response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
});
beforeEach(() => new Promise<void>((resolve) => s3.listen(0, '127.0.0.1', resolve)));
afterEach(() => new Promise((resolve) => s3.close(resolve).closeAllConnections()));

const envOf = () => {
  const { port } = s3.address() as AddressInfo;
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
};

it.each([
  ['catalog', 'acme', 'catalog%2Facme\\.json', createCatalogReader],
  ['report', 'drift/acme/latest.json', 'drift%2Facme%2Flatest\\.json', createLatestReports],
])('a refused %s is missing only if a listing of its own key is empty', async (_, name, key, create) => {
  const read = () => create({ env: envOf(), bucket: 'reports' }).read(name);
  list = { status: 200, body: listOf(0) };
  expect(await read()).toBeUndefined();
  expect(requests.at(-1)).toMatch(new RegExp(`prefix=${key}`));
  list = { status: 200, body: listOf(1) };
  await expect(read()).rejects.toMatchObject({ code: 'report-failed' });
  list = { status: 403, body: DENIED };
  await expect(read()).rejects.toMatchObject({ code: 'report-failed' });
});
