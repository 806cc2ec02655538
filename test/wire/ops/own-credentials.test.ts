import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { compose } from '../../../functions/ops/session/compose.ts';
import { targetSchema } from '../../../shared/deployment/cli-target.ts';

const OWN = { AWS_ACCESS_KEY_ID: 'ASIAOWN', AWS_SECRET_ACCESS_KEY: 'own-secret', AWS_SESSION_TOKEN: 'own-token' };

it('sends nothing of a person’s own AWS credentials to a local world, neither the key nor the session’s token', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    request.resume().on('end', () => response.end('{}'));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const target = targetSchema.parse({
      schemaVersion: 1,
      kind: 'local',
      name: 'own',
      ingestUrl: url,
      env: {
        TABLE_NAME: 'ledger',
        SETTINGS_TABLE: 'settings',
        CHANGES_QUEUE_URL: `${url}/1/changes.fifo`,
        FAILURES_QUEUE_URL: `${url}/1/failures.fifo`,
        OUTCOMES_TOPIC_ARN: 'arn:aws:sns:eu-central-1:1:outcomes',
        AWS_ENDPOINT_URL: url,
      },
    });
    await using session = await compose(target, OWN).catch(() => undefined);
    expect(session).toBeUndefined();
    expect(seen.length).toBeGreaterThan(0);
    expect(JSON.stringify(seen)).not.toMatch(/ASIAOWN|own-token/);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});
