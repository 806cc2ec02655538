import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../local/zpa-simulator/simulator.ts';
import { lackingOpenssl, makeCertificate } from './certificate.ts';
import { installed, leftOut, type Witness } from './install/witnesses.ts';

/** Clients that others wrote, unchanged. */
const run = promisify(execFile);
const python = (witness: Witness) => installed(witness, 'venv', 'bin', 'python');
const script = (name: string): string => new URL(name, import.meta.url).pathname;

const noPyzscaler = leftOut('pyzscaler');
const noSdk = leftOut('zscaler-sdk-python') ?? lackingOpenssl();

describe('pyZscaler', () => {
  it.skipIf(noPyzscaler)(`runs its own guide${because(noPyzscaler)}`, { timeout: 120_000 }, async () => {
    const simulator = await startSimulator();
    try {
      const guide = [script('./pyzscaler_guide.py'), simulator.url];
      const { stdout } = await run(python('pyzscaler'), guide, { timeout: 100_000 });
      expect(JSON.parse(stdout)).toEqual({
        management: ['Management Apps', false],
        web: ['Web Apps', true],
        members: ['926196382959075422', '926196382959075423', '926196382959075424'],
        updated: ['Development Apps', true, '0'],
        listed: expect.arrayContaining(['Management Apps', 'Web Apps', 'Remote Access', 'Development Apps']),
        deleted: 204,
      });
      expect(simulator.store.group('45096653')).toBeUndefined();
      expect(simulator.store.members('Remote Access')).toHaveLength(3);
    } finally {
      await simulator.close();
    }
  });
});

describe('zscaler-sdk-python', () => {
  let simulator: Simulator;
  let environment: NodeJS.ProcessEnv;
  let folder: string;
  beforeAll(async () => {
    if (noSdk !== undefined) return;
    folder = mkdtempSync(join(tmpdir(), 'zpa-simulator-tls-'));
    const { cert, key } = makeCertificate(folder);
    const tls = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    simulator = await startSimulator({ tls });
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    simulator.addCredential({ clientId: 'with-key', publicKey });
    environment = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      HTTPS_PROXY: simulator.url,
      REQUESTS_CA_BUNDLE: cert,
      CLIENT_KEY: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  });
  afterAll(async () => {
    if (noSdk !== undefined) return;
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  it.skipIf(noSdk).for(['oneapi', 'oneapi-key', 'legacy'])(
    `works with its real host names through CONNECT: %s${because(noSdk)}`,
    { timeout: 120_000 },
    async (mode) => {
      const { stdout } = await run(python('zscaler-sdk-python'), [script('./zscaler_sdk_session.py'), mode], {
        env: environment,
        cwd: folder,
        timeout: 100_000,
      });
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
        got: [`Renamed by ${mode}`, null, ['926196382959075422']],
        found: [`Renamed by ${mode}`],
        applications: ['Wiki'],
        missing: true,
      });
      expect(simulator.store.group(`Renamed by ${mode}`)).toBeUndefined();
    },
  );
});

function because(reason: string | undefined): string {
  return reason === undefined ? '' : ` (left out: ${reason})`;
}
