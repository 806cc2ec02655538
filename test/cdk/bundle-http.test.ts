import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Dispatcher } from 'undici';
import { afterAll, describe, expect, it } from 'vitest';
import { buildOptions } from '../../cdk/functions/bundle-functions.ts';
import type { openConnections } from '../../shared/tickets/http/connections.ts';
import type { createZpaPool } from '../../shared/zpa/api/pool.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'cdk-bundle-http-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bundles source text as the functions are bundled. */
const bundle = (contents: string) =>
  build({ ...buildOptions(root, folder), stdin: { contents, resolveDir: root, loader: 'ts' }, logLevel: 'silent' });

/** Answers a request with its method, its body and the number of its connection, as gzip in chunks. */
async function startEcho() {
  let connections = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = gzipSync(`${request.method} ${Buffer.concat(chunks)} ${connections}`);
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.write(answer.subarray(0, 10));
    response.end(answer.subarray(10));
  }).on('connection', () => {
    connections += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: new URL(`http://127.0.0.1:${address.port}`), close: () => server.close() };
}

describe('undici as it is bundled', () => {
  it('sends and receives, over connections that it keeps', async () => {
    await bundle(`export { openConnections } from './shared/tickets/http/connections.ts';
      export { createZpaPool } from './shared/zpa/api/pool.ts';`);
    const bundled: { openConnections: typeof openConnections; createZpaPool: typeof createZpaPool } = await import(
      pathToFileURL(join(folder, 'stdin.mjs')).href
    );
    const echo = await startEcho();
    const tickets = bundled.openConnections(['127.0.0.0/8']);
    const zpa = bundled.createZpaPool({ clock: { now: () => 0, sleep: async () => undefined } });
    const send = async (dispatcher: Dispatcher, method: 'GET' | 'PUT', body: string | null) => {
      const { body: answer } = await dispatcher.request({ origin: echo.url.origin, path: '/', method, body });
      const text = new Response(new Uint8Array(await answer.arrayBuffer())).body;
      return text && new Response(text.pipeThrough(new DecompressionStream('gzip'))).text();
    };
    expect(await send(tickets.dispatcher, 'PUT', 'ä'.repeat(10_000))).toBe(`PUT ${'ä'.repeat(10_000)} 1`);
    expect(await send(tickets.dispatcher, 'GET', null)).toBe('GET  1');
    expect(await send(zpa.connections.to(echo.url), 'PUT', '{}')).toBe('PUT {} 2');
    await tickets.close();
    await zpa.close();
    echo.close();
  });

  it('cannot be bundled with a part that is left out', async () => {
    const fetching = bundle("import { fetch } from 'undici'; fetch('https://example.org');");
    await expect(fetching).rejects.toThrow('No matching export');
  });
});
