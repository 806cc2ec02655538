import { measureColdStarts } from './cold-start.ts';
import { measureIngest } from './ingest-latency.ts';
import { printTable, round } from './print-table.ts';
import { LOADS, measureThroughput, type Throughput } from './throughput.ts';

const WARM_UP = 50;

export async function reportWorld({ changes, deliveries }: { changes: number; deliveries: number }) {
  const throughput: Throughput[] = [];
  for (const load of LOADS) throughput.push(await measureThroughput(load, changes));
  printTable(
    ['through the whole local world', 'changes', 'changes/s', 'worker CPU ms/change', 'ZPA writes'],
    throughput.map((one) => [
      one.load,
      String(one.changes),
      round(one.changesPerSecond),
      round(one.workerCpuMsPerChange, 2),
      String(one.zpaWrites),
    ]),
  );
  const ingest = await measureIngest(deliveries, WARM_UP);
  printTable(
    ['ingest, one delivery at a time', 'deliveries', 'p50 ms', 'p99 ms'],
    [['accepted (202)', String(ingest.deliveries), round(ingest.p50Ms), round(ingest.p99Ms)]],
  );
  const coldStarts = await measureColdStarts();
  printTable(
    ['function', 'bundle KiB', 'cold import ms'],
    coldStarts.map((one) => [one.function, round(one.bundleKiB, 0), round(one.importMs, 0)]),
  );
  return { throughput, ingest, coldStarts };
}
