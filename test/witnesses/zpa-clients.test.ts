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
const noOneapiSdk = leftOut('zscaler-oneapi-sdk-python') ?? lackingOpenssl();

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

describe("the SDKs that know only Zscaler's hosts", () => {
  let simulator: Simulator;
  let environment: NodeJS.ProcessEnv;
  let folder: string;
  const none = noSdk !== undefined && noOneapiSdk !== undefined;
  beforeAll(async () => {
    if (none) return;
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
      SSL_CERT_FILE: cert,
      CLIENT_KEY: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  });
  afterAll(async () => {
    if (none) return;
    await simulator.close();
    rmSync(folder, { recursive: true });
  });
  const session = async (witness: Witness, name: string, argument: string): Promise<unknown> => {
    const options = { env: environment, cwd: folder, timeout: 100_000 };
    const { stdout } = await run(python(witness), [script(name), argument], options);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  };

  it.skipIf(noOneapiSdk)(
    `zscaler-oneapi-sdk-python writes ids as numbers and pages${because(noOneapiSdk)}`,
    { timeout: 120_000 },
    async () => {
      const names = simulator.store.groups().map(({ name }) => name);
      const all = [...names, 'Moved as numbers'];
      const pages = [0, 2, 4, 6].map((from) => all.slice(from, from + 2));
      const said = await session('zscaler-oneapi-sdk-python', './zscaler_oneapi_session.py', String(simulator.port));
      expect(said).toEqual({
        got: ['Moved as numbers', ['926196382959075423']],
        paged: pages.filter((page) => page.length > 0),
        held: true,
        missing: true,
      });
      expect(simulator.store.groups().map(({ name }) => name)).toEqual(names);
      expect(simulator.store.application('926196382959075423')?.segmentGroupId).toBeUndefined();
    },
  );

  it.skipIf(noSdk).for(['oneapi', 'oneapi-key', 'legacy'])(
    `zscaler-sdk-python works with its real host names through CONNECT: %s${because(noSdk)}`,
    { timeout: 120_000 },
    async (mode) => {
      expect(await session('zscaler-sdk-python', './zscaler_sdk_session.py', mode)).toEqual({
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
