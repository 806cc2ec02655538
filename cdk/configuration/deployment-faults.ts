import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { parseSchedule } from '../../shared/domain/configuration/schedule-expression.ts';
import { lanesOf } from '../../shared/domain/lane/change-ref.ts';
import { TIMING, timingFaults } from '../../shared/domain/ledger/timing.ts';
import type { ConfigurationFault } from '../../shared/runtime/configuration-file.ts';
import { outputName } from './output-name.ts';

/** Lambda's limit for an SQS event source; `MaximumConcurrency` is 2 to 1,000. */
const MAXIMUM_CONCURRENCY = 1000;
/** Workers in addition to one per lane, so that a deferring invocation never blocks a working one. */
const SPARE_WORKERS = 2;

/** Number of concurrent batches of the worker: one per lane, because a lane has one lease, and the spare ones. */
export function workerConcurrency(configuration: Configuration): number {
  return lanesOf(configuration).size + SPARE_WORKERS;
}

/** Finds the faults of a well-formed configuration that prevent its deployment at `now`, in epoch milliseconds. */
export function deploymentFaults(configuration: Configuration, now: number): ConfigurationFault[] {
  return [
    ...emptiness(configuration),
    ...schedules(configuration, now),
    ...endpoints(configuration),
    ...outputs(configuration),
    ...concurrency(configuration),
    ...timingFaults(TIMING).map((remedy) => ({ path: '(shared/domain/ledger/timing.ts)', remedy })),
  ];
}

function emptiness({ tenants, sources }: Configuration): ConfigurationFault[] {
  return Object.entries({ tenants, sources })
    .filter(([, named]) => Object.keys(named).length === 0)
    .map(([path]) => ({ path, value: '{}', remedy: 'needs at least one; cdk/configuration.example.json shows how' }));
}

/** A schedule whose years are over is refused like one that is malformed: it would never run, and nothing would say so. */
function schedules(configuration: Configuration, now: number): ConfigurationFault[] {
  return Object.entries(configuration.schedules).flatMap(([name, value]) => {
    const read = parseSchedule(value);
    const path = `schedules.${name}`;
    if ('fault' in read) return [{ path, value, remedy: read.fault }];
    const { schedule } = read;
    if (schedule.kind === 'rate' || schedule.nextAfter(now) !== undefined) return [];
    return [{ path, value, remedy: 'has no run any more; leave the year at *, or name one to come' }];
  });
}

function endpoints(configuration: Configuration): ConfigurationFault[] {
  return Object.entries(configuration.tenants).flatMap(([name, { endpoint }]) => {
    const remedy = 'is for the local world only; remove it, "cloud" says where the API is';
    return endpoint === undefined ? [] : [{ path: `tenants.${name}.endpoint`, value: endpoint, remedy }];
  });
}

function outputs(configuration: Configuration): ConfigurationFault[] {
  const sourceOfOutput = new Map<string, string>();
  return Object.keys(configuration.sources).flatMap((source) => {
    const other = sourceOfOutput.get(outputName(source));
    sourceOfOutput.set(outputName(source), source);
    const remedy = `rename it: its URL would share the output ${outputName(source)} with "${other}"`;
    return other === undefined ? [] : [{ path: `sources.${source}`, value: source, remedy }];
  });
}

function concurrency(configuration: Configuration): ConfigurationFault[] {
  const wanted = workerConcurrency(configuration);
  const remedy = `needs ${wanted} concurrent workers, Lambda allows ${MAXIMUM_CONCURRENCY}; split it into two deployments`;
  return wanted <= MAXIMUM_CONCURRENCY ? [] : [{ path: 'tenants', remedy }];
}
