import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Say } from '../report/steps.ts';
import { until } from '../report/until.ts';
import { grantBatchActions, withBatchActions } from './grant-batch-actions.ts';
import { installMinistack, missingForMinistack } from './install-ministack.ts';
import { endGroup } from './run-process.ts';
import type { Site, SiteFinding, SiteOptions } from './site.ts';

const ACCOUNT = '000000000000';
const REGION = 'eu-central-1';
/** The emulator takes these for the account's root user. */
const ROOT = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
/** Variables of the developer's own AWS, which nothing here may reach. */
const OWN_AWS = /^(AWS_|NODE_EXTRA_CA_CERTS$|CDK_)/;

/** Installs an AWS emulator of somebody else, if it has to be. */
export function findMinistack(root: string, say: Say): SiteFinding {
  const missing = missingForMinistack();
  const found = missing === undefined ? installMinistack(root, say) : { missing };
  return 'missing' in found ? found : { open: (options) => startMinistack(found.python, options) };
}

/** Starts it on loopback, with IAM enforced and TLS. */
async function startMinistack(python: string, { home, signal, say, closers }: SiteOptions): Promise<Site> {
  const port = await freePort();
  const temporary = join(home, 'ministack');
  mkdirSync(temporary);
  const log = openSync(join(home, 'ministack.log'), 'w');
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_AWS.test(name)));
  const child = spawn(python, [join(import.meta.dirname, 'start_ministack.py')], {
    cwd: temporary,
    // It leads a process group, so that the functions' processes end with it.
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...own,
      ...ROOT,
      // Functions run on the Node that runs this test.
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      TMPDIR: temporary,
      STATE_DIR: join(temporary, 'state'),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: 'local',
      AUTH: 'true',
      USE_SSL: '1',
      // Without it a port of every interface is opened.
      IOT_MTLS_ENABLED: '0',
      MINISTACK_REGION: REGION,
      AWS_REGION: REGION,
    },
  });
  closers.defer(() => endGroup(child));
  const certificate = join(temporary, 'ministack-tls/server.crt');
  const endpoint = `https://127.0.0.1:${port}`;
  await until('the emulator to answer', { say, signal }, async () => {
    if (child.exitCode !== null) throw new Error(readFileSync(join(home, 'ministack.log'), 'utf8').slice(-2000));
    return existsSync(certificate) ? true : undefined;
  });
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(certificate, 'utf8')]);
  await until('the emulator to answer', { say, signal }, async () => {
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    await answer?.arrayBuffer();
    return answer?.ok || undefined;
  });
  const shared = {
    ...own,
    // The CDK CLI remembers account ids in it, per access key.
    HOME: home,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_EXTRA_CA_CERTS: certificate,
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
  };
  const env = { ...shared, ...ROOT };
  return {
    label: 'ministack 1.5.33',
    name: 'zpa-changes',
    lasts: false,
    account: ACCOUNT,
    region: REGION,
    env,
    envOf: (keys) => ({
      ...shared,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    }),
    reach: (publicUrl) => addressAt(endpoint, publicUrl),
    withBatchActions,
    afterDeploy: (say) => grantBatchActions(env, say),
  };
}

/** Returns the address at which an emulator answers what the deployed HTTP API would answer at this one. */
export function addressAt(endpoint: string, publicUrl: string): string {
  if (publicUrl.startsWith(endpoint)) return publicUrl;
  const { hostname, pathname } = new URL(publicUrl);
  return `${endpoint}/_aws/execute-api/${hostname.split('.')[0]}/$default${pathname.replace(/\/$/, '')}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
