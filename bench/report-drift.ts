import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResources } from '../local/aws/create-resources.ts';
import { startAwsEndpoint } from '../local/aws/endpoint.ts';
import { makeSecrets } from '../local/world/configuration/secrets.ts';
import { READ_CLIENT } from '../local/world/configuration/seed.ts';
import { type Simulator, startSimulator } from '../local/zpa-simulator/simulator.ts';
import { createDynamoLedger } from '../shared/aws/ledger/ledger.ts';
import type { DriftRole, DriftUse } from './drift-process.ts';
import { approvedGroups, type DriftJob, driftConfiguration, driftLane, driftSeed, FINDINGS } from './drift-seed.ts';
import { startMeasuring } from './measure-drift.ts';
import { printTable, round, say } from './print-table.ts';

/** So many processes make a first report; medians count. */
const PROCESSES = 3;

export type DriftOptions = Omit<DriftJob, 'tenant' | 'customerId'> & { runs: number };

/** A tenant with as many findings and hardly anything else: the process beside which memory is measured. */
const SMALL: DriftJob = {
  ...{ tenant: 'globex-prod', customerId: '216196257331000002' },
  ...{ groups: FINDINGS + 1, applications: FINDINGS + 1, rules: 1 },
};

/**
 * The drift report of one large tenant with twenty findings: requests and seconds under the budget of reports, CPU beside a
 * process that only fetches the same pages and parses them, and memory beside a process that reports on a small tenant.
 */
export async function reportDrift({ runs, ...size }: DriftOptions) {
  const job: DriftJob = { tenant: 'acme-prod', customerId: '216196257331000001', ...size };
  const world = await openDriftWorld([job, SMALL]);
  try {
    say(`${job.groups} groups, ${job.applications} applications, ${job.rules} rules, ${FINDINGS} findings`);
    const parts = [];
    for (const role of ['survey', 'function'] as const) parts.push(await measurePart(world, role, job, runs));
    show(parts);
    return { ...size, findings: FINDINGS, parts };
  } finally {
    await world.close();
  }
}

async function openDriftWorld(jobs: readonly DriftJob[]) {
  const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-drift-'));
  const endpoint = await startAwsEndpoint({ dataDir: join(folder, 'aws') });
  const simulator = await startSimulator({ seed: driftSeed(jobs), limits: 'off' });
  const configuration = driftConfiguration(jobs, simulator.url);
  const environment = {
    ...(await createResources(endpoint, configuration, makeSecrets(configuration))),
    ...{ PUBLIC_URL: 'http://127.0.0.1', POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
  };
  const ledger = createDynamoLedger({ env: environment, tableName: environment.TABLE_NAME });
  for (const job of jobs) {
    for (const group of approvedGroups(job, driftLane(configuration, job))) await ledger.writeDesired(group, 0);
  }
  return {
    simulator,
    configuration,
    measure: await startMeasuring(join(folder, 'bundle'), environment),
    async close() {
      await simulator.close();
      await endpoint.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type DriftWorld = Awaited<ReturnType<typeof openDriftWorld>>;

async function measurePart(world: DriftWorld, role: 'survey' | 'function', job: DriftJob, runs: number) {
  const { simulator, configuration, measure } = world;
  const order = (of: DriftJob, times: number): DriftRole =>
    role === 'survey'
      ? { role, job: of, url: simulator.url, secret: JSON.stringify(READ_CLIENT), runs: times }
      : { role, lane: driftLane(configuration, of), runs: times };
  // The budget of later processes is used up by those before them, in whose time they are not.
  const { use, urls } = await withReads(simulator, () => measure(order(job, 1)));
  const token = await signIn(simulator.url);
  const [bare, first, fetchFirst]: [DriftUse[], DriftUse[], DriftUse[]] = [[], [], []];
  for (let process = 0; process < PROCESSES; process += 1) {
    bare.push(await measure(order(SMALL, 1)));
    first.push(await measure(order(job, 1)));
    fetchFirst.push(await measure({ role: 'fetch', urls, token, runs: 1 }));
  }
  const later = await measure(order(job, runs + 1));
  const fetchLater = await measure({ role: 'fetch', urls, token, runs: runs + 1 });
  const ruleLists = urls.filter((url) => url.includes('policyType')).length;
  const cpu = (ours: number[], fetched: number[]) => ({
    ours: median(ours),
    fetched: median(fetched),
    ratio: median(ours) / median(fetched),
  });
  const cpuOf = (uses: DriftUse[]) => uses.flatMap(({ cpuMs }) => cpuMs);
  const peakOf = (uses: DriftUse[]) => median(uses.map(({ peakMb }) => peakMb));
  return {
    part: role,
    requests: { pages: urls.length - ruleLists, ruleLists },
    virtualSeconds: median(use.virtualSeconds),
    firstCpuMs: cpu(cpuOf(first), cpuOf(fetchFirst)),
    laterCpuMs: cpu(later.cpuMs.slice(1), fetchLater.cpuMs.slice(1)),
    memoryMb: { page: await largestPage(urls, token), overBare: peakOf(first) - peakOf(bare) },
  };
}

/** With the addresses that are read in the course of `work`. */
async function withReads(simulator: Simulator, work: () => Promise<DriftUse>) {
  simulator.log.clear();
  const use = await work();
  const reads = simulator.log.all().filter(({ kind }) => kind === 'read');
  return { use, urls: reads.map(({ path, query }) => `${simulator.url}${path}?${query}`) };
}

async function signIn(url: string): Promise<string> {
  const { clientId, clientSecret } = READ_CLIENT;
  const client = { client_id: clientId, client_secret: clientSecret };
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    audience: 'https://api.zscaler.com',
    ...client,
  });
  const answer = await fetch(`${url}/oauth2/v1/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function largestPage(urls: readonly string[], token: string): Promise<number> {
  let largest = 0;
  for (const url of urls) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    largest = Math.max(largest, (await answer.arrayBuffer()).byteLength / 2 ** 20);
  }
  return largest;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const NAMES = { survey: 'the report', function: 'the function, with AWS, catalogs and rendering' };

function show(parts: readonly Awaited<ReturnType<typeof measurePart>>[]): void {
  printTable(
    ['', 'pages', 'rule lists', 'virtual s', 'largest page MB', 'peak MB over a small tenant', 'and over that page'],
    parts.map(({ part, requests, virtualSeconds, memoryMb }) => [
      ...[NAMES[part], `${requests.pages}`, `${requests.ruleLists}`, part === 'survey' ? '' : round(virtualSeconds)],
      ...[round(memoryMb.page), round(memoryMb.overBare), round(memoryMb.overBare - memoryMb.page)],
    ]),
  );
  printTable(
    [
      'CPU ms',
      'first of a process',
      'fetch and parse alone',
      'ratio',
      'later, median',
      'fetch and parse alone',
      'ratio',
    ],
    parts.map(({ part, firstCpuMs, laterCpuMs }) => [
      NAMES[part],
      ...[firstCpuMs, laterCpuMs].flatMap((one) => [round(one.ours), round(one.fetched), round(one.ratio, 2)]),
    ]),
  );
}
