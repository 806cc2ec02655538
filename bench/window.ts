import { startWorld } from '../local/world/world.ts';
import type { LoggedCall } from '../local/zpa-simulator/call-log.ts';
import type { Configuration } from '../shared/domain/configuration/configuration.ts';
import { deliverAll } from './deliver-all.ts';
import { printTable } from './print-table.ts';
import { deliveredOf, WINDOW_JOBS, type WindowJob, windowSeed } from './window-jobs.ts';

export type WindowOptions = { times: number; latency: number };

/** From ZPA's answer to the last read of a group to the effect of ZPA's write: an edit in between may be overwritten. */
type Window = { job: string; write: string; ms: number; callsBetween: number };

/** ZPA has no ETag: how long is the window of a whole-object write, per kind of change, under the documented limits? */
export async function reportWindow({ times, latency: latencyMs }: WindowOptions) {
  const windows: Window[] = [];
  // One after the other: what else this process does would be part of the window.
  for (const job of WINDOW_JOBS) windows.push(...(await measureJob(job, times, latencyMs)));
  const kinds = [...Map.groupBy(windows, ({ job, write }) => `${job}: ${write}`)];
  const rows = kinds.map(([kind, all]) => ({
    kind,
    writes: all.length,
    p50: quantile(all, 0.5),
    p99: quantile(all, 0.99),
    max: quantile(all, 1),
    callsBetween: Math.max(...all.map((one) => one.callsBetween)),
    // Each call takes the latency once: what is left is our own work and the ledger's.
    besideCalls: Math.max(...all.map((one) => one.ms - (one.callsBetween + 1) * latencyMs)),
  }));
  printTable(
    [
      `ms between read and write, ${latencyMs} ms per call`,
      'writes',
      'p50',
      'p99',
      'max',
      'calls between',
      'beside calls',
    ],
    rows.map(({ kind, ...figures }) => [kind, ...Object.values(figures).map(String)]),
  );
  return { latencyMs, windows: rows };
}

async function measureJob(job: WindowJob, times: number, latencyMs: number): Promise<Window[]> {
  const simulator = { limits: 'documented' as const, latencyMs, seed: windowSeed(times) };
  const world = await startWorld({ schedules: false, simulator, configure: grantAll });
  try {
    const settled = await world.awaitSettled(await deliverAll(world, deliveredOf(job, times)));
    const failed = settled.find(({ outcome }) => outcome?.kind !== 'applied');
    if (failed !== undefined) throw new Error(`${job.name}: ${JSON.stringify(failed.outcome)}`);
    return windowsIn(world.simulator.log.all(), job.name);
  } finally {
    await world.close();
  }
}

function grantAll(configuration: Configuration): Configuration {
  const flags = ['leaveUngrouped' as const, 'takeFromOtherGroups' as const, 'moveApplicationsTo' as const];
  const { ops, ...others } = configuration.sources;
  if (ops === undefined) throw new Error('the local configuration has a source of this name');
  return {
    ...configuration,
    sources: { ...others, ops: { ...ops, grants: ops.grants.map((one) => ({ ...one, flags })) } },
  };
}

function windowsIn(calls: readonly LoggedCall[], job: string): Window[] {
  return calls.flatMap((write, index) => {
    const group = groupOf(write);
    if (write.kind !== 'write' || group === undefined || write.effects.length === 0) return [];
    const before = calls.slice(0, index);
    const read = before.findLastIndex((one) => one.kind === 'read' && groupOf(one) === group);
    const readAt = calls[read]?.actedAt ?? Number.NaN;
    return [{ job, write: roleOf(write), ms: write.actedAt - readAt, callsBetween: index - read - 1 }];
  });
}

const groupOf = ({ path }: LoggedCall) => /\/segmentGroup\/(\d+)$/.exec(path)?.[1];

/** The write's effect on its group. */
function roleOf({ method, body }: LoggedCall): string {
  if (method === 'DELETE') return 'the group deleted';
  const has = (field: string) =>
    typeof body === 'object' && body !== null && (Reflect.get(body, field) ?? []).length > 0;
  if (has('deletedApps')) return 'the group left';
  return has('addedApps') ? 'the group joined' : 'the group';
}

function quantile(windows: readonly Window[], share: number): number {
  const sorted = windows.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
