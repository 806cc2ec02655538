import { printTable, round, say } from './print-table.ts';
import { CPU_LOADS, type CpuOptions, measureWorkerCpu, type WorkerCpu } from './worker-cpu.ts';

export async function reportCpu({ profile, ...options }: Omit<CpuOptions, 'profileTo'> & { profile?: string }) {
  const workerCpu: WorkerCpu[] = [];
  for (const load of CPU_LOADS) {
    workerCpu.push(await measureWorkerCpu(load, { ...options, profileTo: profile }));
    say(`measured: ${load.name}`);
  }
  printTable(
    ['worker CPU, limits off', 'changes', 'ours ms/change', 'plain ms/change', 'ours ÷ plain', 'ZPA writes'],
    workerCpu.map((one) => [
      one.load,
      String(one.changes),
      round(one.oursMsPerChange, 2),
      round(one.plainMsPerChange, 2),
      round(one.ratio, 2),
      `${one.oursWrites} : ${one.plainWrites}`,
    ]),
  );
  return { workerCpu };
}
