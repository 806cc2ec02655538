import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LOCAL_TARGET_FILE } from '../../../shared/deployment/cli-target.ts';

/** A folder with the target of another one, whose webhook takes deliveries and whose answers are lost on the way. */
export async function openLossyWebhook(from: string): Promise<{ folder: string; close(): Promise<void> }> {
  const target = JSON.parse(await readFile(join(from, LOCAL_TARGET_FILE), 'utf8'));
  const server = createServer(async (request, response) => {
    const { host: _, connection: __, ...headers } = request.headers;
    const body = Buffer.concat(await request.toArray());
    await fetch(new URL(request.url ?? '', target.ingestUrl), {
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    });
    response.destroy();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-lossy-'));
  const file = join(folder, LOCAL_TARGET_FILE);
  await mkdir(dirname(file), { recursive: true });
  const ingestUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(file, JSON.stringify({ ...target, ingestUrl }));
  return {
    folder,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
