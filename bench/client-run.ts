import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { CUSTOMER } from '../local/world/configuration/seed.ts';
import { type Simulator, startSimulator } from '../local/zpa-simulator/simulator.ts';
import type { Client } from './clients.ts';
import { dealt, type Job, type Step, seedFor } from './jobs.ts';
import type { Run } from './our-run.ts';
import { tally } from './tally.ts';

const OPENSSL = 'openssl';

export type ClientRun = Run & {
  /** Steps the client gave up with an error, and the first such error. */
  failed: number;
  firstError: string | null;
};

const doneSchema = z.object({ failed: z.number(), firstError: z.string().nullable() });
type Done = z.infer<typeof doneSchema>;

/** A job by another project's client on a ZPA of its own, under the documented limits, by so many processes at once. */
export async function runClient(client: Client, job: Job, latencyMs: number, processes: number): Promise<ClientRun> {
  const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-bench-'));
  try {
    const tls = client.throughProxy ? await makeCertificate(folder) : undefined;
    const simulator = await startSimulator({
      limits: 'documented',
      latencyMs,
      seed: seedFor(job),
      ...(tls && { tls }),
    });
    try {
      const done = await Promise.all(
        dealt(job.steps, processes).map((steps) => take(client, simulator, folder, steps)),
      );
      return {
        who: client.name,
        job: job.name,
        changes: job.steps.length,
        seconds: secondsOf(simulator),
        ...tally(simulator, job),
        failed: done.reduce((sum, one) => sum + one.failed, 0),
        firstError: done.find((one) => one.firstError !== null)?.firstError ?? null,
      };
    } finally {
      await simulator.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** From the arrival of the first call until the last one was acted upon. */
function secondsOf({ log }: Simulator): number {
  const calls = log.all();
  if (calls.length === 0) return 0;
  const first = Math.min(...calls.map((call) => call.at));
  return (Math.max(...calls.map((call) => call.actedAt)) - first) / 1000;
}

async function take(client: Client, { url }: Simulator, folder: string, steps: readonly Step[]): Promise<Done> {
  const [command, ...args] = client.command({ url, customer: CUSTOMER });
  const certificate = join(folder, 'cert.pem');
  const proxy = { HTTPS_PROXY: url, REQUESTS_CA_BUNDLE: certificate, SSL_CERT_FILE: certificate };
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, ...(client.throughProxy && proxy) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  child.stdin.end(JSON.stringify(steps));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exit;
  if (code !== 0) throw new Error(`${client.name} ended with ${String(code)}: ${errors.slice(-500)}`);
  return doneSchema.parse(JSON.parse(output.trim().split('\n').at(-1) ?? ''));
}

/** Self-signed, for the hosts that the SDKs have built in. */
async function makeCertificate(folder: string): Promise<{ cert: string; key: string }> {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const hosts = ['api.zsapi.net', '*.zslogin.net', 'config.private.zscaler.com'].map((host) => `DNS:${host}`);
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=zpa-simulator'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync(OPENSSL, [...request, ...files, '-addext', `subjectAltName=${hosts}`], { stdio: 'ignore' });
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
}
