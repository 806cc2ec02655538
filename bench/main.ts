import { availableParallelism, cpus } from 'node:os';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { measureColdStarts } from './cold-start.ts';
import { measureIngest } from './ingest-latency.ts';
import { LOADS, measureThroughput, type Throughput } from './throughput.ts';

/** `npm run bench`: tables to stderr, one JSON document to stdout, so that it can be kept: `npm run -s bench > a.json`. */
const options = new Command('npm run bench --')
  .description(
    'Measures throughput, worker CPU, ingest latency, bundles and cold imports: tables to stderr, JSON to stdout.',
  )
  .option('--changes <number>', 'changes sent through the local world, per load', atLeastOne, 500)
  .option('--deliveries <number>', 'deliveries sent to ingest, one at a time', atLeastOne, 500)
  .parse()
  .opts<{ changes: number; deliveries: number }>();

const say = (text: string) => void process.stderr.write(`${text}\n`);
const round = (value: number, digits = 1) => value.toFixed(digits);

const machine = {
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};
say(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.platform}`);

const throughput: Throughput[] = [];
for (const load of LOADS) throughput.push(await measureThroughput(load, options.changes));
print(
  ['through the whole local world', 'changes', 'changes/s', 'worker CPU ms/change', 'ZPA writes'],
  throughput.map((one) => [
    one.load,
    String(one.changes),
    round(one.changesPerSecond),
    round(one.workerCpuMsPerChange, 2),
    String(one.zpaWrites),
  ]),
);

const ingest = await measureIngest(options.deliveries, 50);
print(
  ['ingest, one delivery at a time', 'deliveries', 'p50 ms', 'p99 ms'],
  [['accepted (202)', String(ingest.deliveries), round(ingest.p50Ms), round(ingest.p99Ms)]],
);

const coldStarts = await measureColdStarts();
print(
  ['function', 'bundle KiB', 'cold import ms'],
  coldStarts.map((one) => [one.function, round(one.bundleKiB, 0), round(one.importMs, 0)]),
);

const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(2)) : value);
process.stdout.write(`${JSON.stringify({ machine, throughput, ingest, coldStarts }, rounded, 2)}\n`);

function atLeastOne(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('A whole number from 1 on.');
  return number;
}

function print(head: string[], rows: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  say(table.toString());
}
