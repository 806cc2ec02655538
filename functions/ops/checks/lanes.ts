import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { laneName } from '../../../shared/domain/lane/change-ref.ts';
import { laneStanding } from '../../../shared/domain/notice/lane-standing.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import type { Clock, Ledger } from '../../../shared/ports/ports.ts';
import { couldNotCheck, type Finding, formatSpan, ok, wrong } from './finding.ts';

type Lanes = {
  tenants: Configuration['tenants'];
  ledger: Pick<Ledger, 'readLane'>;
  clock: Pick<Clock, 'now'>;
};

export const READ_LANES = ['dynamodb:GetItem'];

/** Checks that no tenant's lane stands still. The worker's own credential shows here: a lane that cannot sign in stops. */
export async function checkLanes({ tenants, ledger, clock }: Lanes): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [tenant, settings] of Object.entries(tenants)) {
    try {
      found.push(findingOf(tenant, await ledger.readLane(laneName(settings)), clock.now()));
    } catch (error) {
      found.push(couldNotCheck(error, READ_LANES, tenant));
    }
  }
  return found;
}

function findingOf(tenant: string, lane: LaneRecord, now: number): Finding {
  const { paused, stopped } = lane;
  if (paused !== undefined) {
    const says = `its lane was paused ${formatSpan(now - paused.since)} ago by ${paused.by}: ${paused.reason}`;
    return wrong(says, `zpa-changes lanes resume ${tenant}`, tenant);
  }
  if (stopped !== undefined && (stopped.tenants?.includes(tenant) ?? true)) {
    const says = `its lane stopped ${formatSpan(now - stopped.since)} ago: ${laneStanding(lane, 1, now).note}`;
    return wrong(says, 'docs/runbook.md, "lane-stopped".', tenant);
  }
  // One change is taken as open: an error that is remembered of a lane without any says nothing about it.
  const { state, note } = laneStanding(lane, 1, now);
  if (state === 'retrying' || state === 'limited') return ok(`its lane is ${state}: ${note}`, tenant);
  return ok('its lane is running', tenant);
}
