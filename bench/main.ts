import { availableParallelism, cpus, loadavg } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { round, say, writeJson } from './print-table.ts';
import { reportAdds } from './report-adds.ts';
import { reportClients } from './report-clients.ts';
import { reportConsole } from './report-console.ts';
import { reportCost } from './report-cost.ts';
import { reportCpu } from './report-cpu.ts';
import { reportDrift } from './report-drift.ts';
import { reportLanes } from './report-lanes.ts';
import { reportLimits } from './report-limits.ts';
import { reportRefusals } from './report-refusals.ts';
import { reportColdStarts, reportIngest, reportWorld } from './report-world.ts';
import { setUpClients } from './setup-clients.ts';
import { reportWindow } from './window.ts';

/**
 * Within ZPA a call on a segment group took 39 to 72 ms (recorded medians); the rest is the way through the Internet.
 */
const LATENCY_MS = 150;

/** `npm run bench -- <measure>`: tables to stderr, one JSON document to stdout: `npm run -s bench -- cpu > a.json`. */
const program = new Command('npm run bench --').description('Measures: tables to stderr, JSON to stdout.');

program
  .command('world', { isDefault: true })
  .description('throughput of the local world, worker CPU, ingest latency, bundles and cold imports')
  .option('--changes <number>', 'changes sent through the local world, per load', atLeastOne, 500)
  .option('--deliveries <number>', 'deliveries sent to ingest, one at a time', atLeastOne, 500)
  .action((options: { changes: number; deliveries: number }) => measure(() => reportWorld(options)));

program
  .command('ingest')
  .description('how long ingest takes to answer in the local world, alone and under load')
  .option('--deliveries <number>', 'deliveries of each kind', atLeastOne, 500)
  .action((options: { deliveries: number }) => measure(() => reportIngest(options.deliveries)));

program
  .command('cold-start')
  .description('bundles and cold imports of the functions, against their AWS clients alone')
  .action(() => measure(async () => ({ coldStarts: await reportColdStarts() })));

program
  .command('refusals')
  .description('CPU of refusing the signed bodies that cost most')
  .option('--times <number>', 'how often each', atLeastOne, 21)
  .action((options: { times: number }) => measure(async () => reportRefusals(options)));

program
  .command('cpu')
  .description('worker CPU per change against a plain Powertools batch + idempotency handler, limits off')
  .option('--changes <number>', 'changes measured per load and round', atLeastOne, 500)
  .option('--warm-up <number>', 'changes worked before them', atLeastOne, 200)
  .option('--rounds <number>', 'ours and the plain one in turn, so many times; medians count', atLeastOne, 3)
  .option('--profile <folder>', 'leave CPU profiles of our worker there (they cost CPU themselves)')
  .action((options: Parameters<typeof reportCpu>[0]) => measure(() => reportCpu(options)));

program
  .command('cost')
  .description('what is asked of AWS for each part of the work, and what a month of it costs')
  .option('--adds <number>', 'how many for one group', atLeastOne, 100)
  .action((options: { adds: number }) => measure(() => reportCost(options)));

program
  .command('limits')
  .description('updates of a group each under the documented limits, against the least time these allow')
  .option('--updates <number>', 'how many', atLeastOne, 200)
  .option('--latency <ms>', 'of every answer of ZPA', atLeastOne, LATENCY_MS)
  .action((options: Parameters<typeof reportLimits>[0]) => measure(() => reportLimits(options)));

program
  .command('adds')
  .description('single-application adds to five groups, coalesced against one by one')
  .option('--adds <number>', 'how many', atLeastOne, 500)
  .option('--latency <ms>', 'of every answer of ZPA', atLeastOne, LATENCY_MS)
  .option('--full', 'one by one under the limits is waited for, not only computed')
  .action((options: Parameters<typeof reportAdds>[0]) => measure(() => reportAdds(options)));

program
  .command('window')
  .description('time between the read and the write of a group, per kind of change, under the documented limits')
  .option('--times <number>', 'changes of each kind', atLeastOne, 30)
  .option('--latency <ms>', 'of every answer of ZPA', atLeastOne, LATENCY_MS)
  .action((options: Parameters<typeof reportWindow>[0]) => measure(() => reportWindow(options)));

program
  .command('lanes')
  .description('many lanes: whether one waits for another, a sweep and a drift round of all, in virtual time')
  .option('--lanes <number>', 'ZPA customers, a tenant each, with three changes each', atLeastOne, 300)
  .option('--applications <number>', 'of each customer', atLeastOne, 1200)
  .option('--slow <number>', 'lanes whose ZPA answers 429 at first, twice for twenty seconds', atLeastOne, 30)
  .action((options: Parameters<typeof reportLanes>[0]) => measure(() => reportLanes(options)));

program
  .command('drift')
  .description('the drift report of a large tenant: requests, virtual seconds, CPU and memory against fetching alone')
  .option('--groups <number>', 'segment groups, each stated whole by a ticket', atLeastOne, 200)
  .option('--applications <number>', 'application segments, all of them in groups', atLeastOne, 6000)
  .option('--rules <number>', 'access rules, each about a group', atLeastOne, 400)
  .option('--runs <number>', 'reports of the warm process; the first is not counted', atLeastOne, 7)
  .action((options: Parameters<typeof reportDrift>[0]) => measure(() => reportDrift(options)));

program
  .command('console')
  .description('the list of changes of the console: time of a page against reading all, and memory of the rows')
  .option('--changes <number>', 'that the ledger holds', atLeastOne, 100_000)
  .option('--times <number>', 'each page', atLeastOne, 7)
  .action((options: Parameters<typeof reportConsole>[0]) => measure(() => reportConsole(options)));

program
  .command('clients')
  .description('the same jobs by pyZscaler, zscaler-sdk-python and zscaler-sdk-go, where `setup` has installed them')
  .option('--updates <number>', 'how many', atLeastOne, 60)
  .option('--adds <number>', 'how many', atLeastOne, 60)
  .option('--latency <ms>', 'of every answer of ZPA', atLeastOne, LATENCY_MS)
  .option('--full', '200 updates and 500 adds: about an hour')
  .action((options: Parameters<typeof reportClients>[0]) => measure(() => reportClients(options)));

program
  .command('setup')
  .description('installs these clients into bench/.cache (python3, go and their registries are needed)')
  .option('--go-source <folder>', 'a checkout of zscaler-sdk-go instead of the module')
  .action((options: { goSource?: string }) => writeJson(setUpClients(options)));

await program.parseAsync();

/** The machine and its load, because figures of different runs are not to be compared. */
async function measure(report: () => Promise<Record<string, unknown>>): Promise<void> {
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  say(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.platform}`);
  const loadBefore = loadavg()[0] ?? 0;
  say(`load before: ${round(loadBefore, 2)}`);
  writeJson({ machine, loadBefore, ...(await report()) });
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('A whole number from 1 on.');
  return number;
}
