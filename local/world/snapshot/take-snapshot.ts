import { statusToken, statusUrl } from '../../../shared/domain/http/status-token.ts';
import { lanesOf } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { isUnreadable } from '../../../shared/ports/error-code.ts';
import type { Ledger } from '../../../shared/ports/ports.ts';
import type { AwsEndpoint } from '../../aws/endpoint.ts';
import type { Simulator } from '../../zpa-simulator/simulator.ts';
import type { Provisioned } from '../functions/provision.ts';
import { toChangeView } from './change-view.ts';
import type { Snapshot } from './snapshot.ts';
import { toLaneView } from './view-lane.ts';
import { toTenantViews } from './view-tenant.ts';

type Places = {
  endpoint: AwsEndpoint;
  simulator: Simulator;
  ledger: Ledger;
  provisioned: Provisioned;
  timeFactor: number;
  /** Address of the status pages. */
  url: string;
  /** Every change of every lane that can be read; `unreadable`: keys of the others. */
  records: readonly ChangeRecord[];
  unreadable: readonly string[];
};

/** Everything at one moment, as near as reads one after the other come. */
export async function takeSnapshot(places: Places): Promise<Snapshot> {
  const { ledger, provisioned, records, timeFactor, url } = places;
  const { configuration, environment } = provisioned;
  const now = Date.now();
  const secret = await provisioned.statusSecret();
  const lanes = new Map<string, LaneRecord>();
  const unreadable = [...places.unreadable];
  for (const lane of tenantsByLane(places).keys()) {
    try {
      lanes.set(lane, await ledger.readLane(lane));
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable.push(`lane ${lane}`);
    }
  }
  const newestFirst = records.toSorted(
    (one, other) => other.acceptedAt - one.acceptedAt || other.sequence - one.sequence,
  );
  return {
    at: now,
    lanes: [...tenantsByLane(places)].flatMap(([name, tenants]) => {
      const lane = lanes.get(name);
      const own = records.filter((record) => record.ref.lane === name);
      return lane === undefined ? [] : [toLaneView({ lane, tenants, records: own, configuration, timeFactor, now })];
    }),
    changes: newestFirst.map((record) =>
      toChangeView(record, lanes.get(record.ref.lane), statusUrl(url, statusToken(secret, record.ref))),
    ),
    unreadable,
    tenants: toTenantViews(configuration, places.simulator),
    open: records.filter((record) => record.state !== 'settled').length,
    owing: records.filter((record) => record.pending.length > 0).length,
    queued: countIn(places.endpoint, environment.CHANGES_QUEUE_URL),
    deadLettered: countIn(places.endpoint, environment.FAILURES_QUEUE_URL),
  };
}

/** The tenants of each configured lane, and of each lane that holds changes and that no tenant has any more. */
function tenantsByLane({ provisioned, records }: Pick<Places, 'provisioned' | 'records'>): Map<string, string[]> {
  const lanes = lanesOf(provisioned.configuration);
  const former = records.filter(({ ref }) => !lanes.has(ref.lane));
  const byLane = Map.groupBy(former, ({ ref }) => ref.lane);
  for (const [lane, own] of byLane) lanes.set(lane, [...new Set(own.map(({ ref }) => ref.tenant))]);
  return lanes;
}

function countIn(endpoint: AwsEndpoint, queueUrl = ''): number {
  const contents = endpoint.contents(queueName(queueUrl), 0);
  return contents === undefined ? 0 : contents.visible + contents.delayed + contents.inFlight;
}

/** `…/000000000000/changes.fifo` → `changes.fifo`. */
export function queueName(queueUrl: string): string {
  return queueUrl.split('/').at(-1) ?? '';
}
