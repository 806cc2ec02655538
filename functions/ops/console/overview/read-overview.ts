import type { RefusedVersion } from '../../../../shared/settings/load-settings.ts';
import type { OpsSession } from '../../session/compose.ts';
import { type LaneNow, readLanes } from '../lanes/read-lanes.ts';
import { countFailures, type FailureCounts } from './count-failures.ts';
import { type DriftNews, readDriftNews } from './read-news.ts';

export type Overview = {
  /** The newest settings, if they cannot be used, and the version that is in use instead. */
  refusedSettings: (RefusedVersion & { inUse: number | undefined }) | undefined;
  failures: FailureCounts;
  /** Lanes that do not go on by themselves at this moment. */
  stuck: LaneNow[];
  /** Lanes with open changes. */
  moving: LaneNow[];
  /** Lanes with nothing to do. */
  idle: number;
  drift: DriftNews[];
};

const GOES_ON: ReadonlySet<LaneNow['shown']['state']> = new Set(['idle', 'working', 'waiting']);

/** Reads all that needs a person and all that moves, over all lanes. Rejects as the ledger does. */
export async function readOverview(session: OpsSession): Promise<Overview> {
  const [failures, lanes, drift] = await Promise.all([
    countFailures(session),
    readLanes(session),
    readDriftNews(session),
  ]);
  const moving = lanes.filter(({ shown }) => shown.open > 0);
  const stuck = lanes.filter(({ shown }) => !GOES_ON.has(shown.state) || shown.unreadable.length > 0);
  const { refusedSettings: refused, configuration } = session;
  const refusedSettings = refused && { ...refused, inUse: configuration.settingsVersion };
  return { refusedSettings, failures, stuck, moving, idle: lanes.length - moving.length, drift };
}
