import { measureColdStarts } from './cold-start.ts';
import { measureIngest, measureIngestUnderLoad } from './ingest-latency.ts';
import { printTable, round } from './print-table.ts';
import { LOADS, measureThroughput, type Throughput } from './throughput.ts';

const WARM_UP = 50;
/** More than any ticket system approves. */
const PER_SECOND = 20;

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
  const ingest = await reportIngest(deliveries);
  return { throughput, ingest, coldStarts: await reportColdStarts() };
}

/** Prints what each function loads, and how long it takes to be ready for its first event. */
export async function reportColdStarts() {
  const coldStarts = await measureColdStarts();
  printTable(
    ['function', 'KiB at start', 'KiB in all', 'cold import, CPU ms', 'its AWS clients alone', 'ratio'],
    coldStarts.map((one) => [
      one.function,
      round(one.startKiB, 0),
      round(one.bundleKiB, 0),
      round(one.importMs, 0),
      round(one.sdkMs, 0),
      round(one.importMs / one.sdkMs, 2),
    ]),
  );
  return coldStarts;
}

/** Alone, and under load: a ticket system that gives up after ten seconds must never meet that. */
export async function reportIngest(deliveries: number) {
  const alone = await measureIngest(deliveries, WARM_UP);
  const loaded = await measureIngestUnderLoad(deliveries, WARM_UP, PER_SECOND);
  printTable(
    ['ingest, accepted (202)', 'deliveries', 'p50 ms', 'p99 ms'],
    [
      ['one at a time', String(alone.deliveries), round(alone.p50Ms), round(alone.p99Ms)],
      [`${PER_SECOND} a second`, String(loaded.deliveries), round(loaded.p50Ms), round(loaded.p99Ms)],
    ],
  );
  return { alone, loaded };
}
