import { parseSchedule } from '../../shared/domain/configuration/schedule-expression.ts';
import { TIMING, timingFaults } from '../../shared/domain/ledger/timing.ts';
import type { ConfigurationFault } from '../../shared/runtime/configuration-error.ts';
import { gapOf, LONGEST_WATCHED_MS } from '../watch/heartbeats.ts';
import type { StackConfiguration } from './stack-configuration.ts';

type Deployed = Pick<StackConfiguration, 'schedules' | 'domain'> & { region?: string; key?: string | undefined };

/** Finds the faults of a well-formed configuration that prevent its deployment at `now`, in epoch milliseconds. */
export function deploymentFaults(configuration: Deployed, now: number): ConfigurationFault[] {
  return [
    ...schedules(configuration, now),
    ...ofThisRegion(configuration),
    ...timingFaults(TIMING).map((remedy) => ({ path: '(shared/domain/ledger/timing.ts)', remedy })),
  ];
}

/**
 * A schedule whose years are over is refused like one that is malformed: it would never run. One that pauses for too long is
 * refused because no alarm could tell that it stopped.
 */
function schedules(configuration: Deployed, now: number): ConfigurationFault[] {
  return Object.entries(configuration.schedules).flatMap(([name, value]) => {
    const read = parseSchedule(value);
    const path = `schedules.${name}`;
    if ('fault' in read) return [{ path, value, remedy: read.fault }];
    if (gapOf(value) > LONGEST_WATCHED_MS) {
      return [{ path, value, remedy: 'pauses for so long that no alarm could tell it from a stop; at most six days' }];
    }
    const { schedule } = read;
    if (schedule.kind === 'rate' || schedule.nextAfter(now) !== undefined) return [];
    return [{ path, value, remedy: 'has no run any more; leave the year at *, or name one to come' }];
  });
}

/** API Gateway takes certificates of its own region only, and the services keys of theirs. */
function ofThisRegion({ domain, key, region }: Deployed): ConfigurationFault[] {
  const named = { 'domain.certificateArn': domain?.certificateArn, key: key === 'create' ? undefined : key };
  return Object.entries(named).flatMap(([path, value]) => {
    if (value === undefined || region === undefined || value.split(':')[3] === region) return [];
    return [{ path, value, remedy: `must be of the stack's region, ${region}` }];
  });
}
