import type { Application } from '../../../shared/domain/group/group.ts';
import { withGroupMissing, withGroupRead } from '../../../shared/domain/records/remember-groups.ts';
import {
  type OlderReading,
  olderGroup,
  olderHome,
  olderSearch,
  type SeenGroup,
  stillSeen,
} from '../../../shared/domain/records/seen-groups.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { ZpaError } from '../../../shared/zpa/http/zpa-error.ts';
import type { LaneHold } from './lane-hold.ts';
import type { LaneSession } from './lane-session.ts';

/** The fault code of a read that shows less than the lane has seen before. */
export const OLDER_READING = 'older-reading';

/** A repeated read waits as long as the newer state is known, within these shares of the quiet period: 1 s and 8 s. */
const SHORTEST_PAUSE_SHARE = 1 / 60;
const LONGEST_PAUSE_SHARE = 8 / 60;

/**
 * ZPA for the reads that a lane decides on: a read that shows an older state than the lane has seen rejects with
 * `older-reading`, and a newer state is remembered (docs/architecture.md#lagging-reads). Listings of groups pass: whoever uses
 * one reads the group by its id before anything is decided, or compares it himself.
 */
export function refuseOlderReads(hold: LaneHold, zpa: Zpa): Zpa {
  const { session } = hold;
  const { clock, timing } = hold.ports;
  const lagMs = timing.quietPeriodMs;
  const seen = () => seenNow(hold);

  function refuse(older: OlderReading | undefined): void {
    if (older === undefined) return;
    const knownMs = clock.now() - older.seenAt;
    const pauseMs = Math.max(knownMs, lagMs * SHORTEST_PAUSE_SHARE);
    const retryAfterMs = Math.min(pauseMs, lagMs * LONGEST_PAUSE_SHARE, lagMs - knownMs + 1);
    const reason = `${older.of} is shown older than it was read or written ${Math.round(knownMs / 1000)} s ago`;
    throw new ZpaError(`read of ${older.of}: ${OLDER_READING}`, { code: OLDER_READING }, { reason, retryAfterMs });
  }

  function application(one: Application): Application {
    refuse(olderHome(seen(), one));
    return one;
  }

  return {
    ...zpa,
    async getGroup(id, options) {
      const { microtenantId = '0' } = options ?? {};
      const group = await zpa.getGroup(id, options).catch((error: unknown) => {
        if (!isZpaFault(error) || error.fault.code !== 'not-found') throw error;
        refuse(olderGroup(seen(), id, microtenantId, null));
        rememberSeen(session, withGroupMissing(seen(), id, microtenantId, clock.now()));
        throw error;
      });
      refuse(olderGroup(seen(), id, microtenantId, group));
      rememberSeen(session, withGroupRead(seen(), group, microtenantId, clock.now()));
      return group;
    },
    async findGroups(name, options) {
      const found = await zpa.findGroups(name, options);
      refuse(olderSearch(seen(), name, options?.microtenantId ?? '0', found));
      return found;
    },
    getApplication: async (id, options) => application(await zpa.getApplication(id, options)),
    findApplications: async (name, options) => (await zpa.findApplications(name, options)).map(application),
    async *listApplications(options) {
      for await (const one of zpa.listApplications(options)) yield application(one);
    },
  };
}

/**
 * Answers the groups that the lane has seen and a replica may still lag behind. Stages what still counts, so that an entry ages
 * from the first time at which this worker's clock has met it.
 */
export function seenNow({ ports: { clock, timing }, session }: LaneHold): readonly SeenGroup[] {
  const still = stillSeen(session.lane().seen ?? [], clock.now(), timing.quietPeriodMs);
  rememberSeen(session, still);
  return still;
}

/** Stages what was seen; the next write of the lane item stores it. */
export function rememberSeen(session: LaneSession, seen: readonly SeenGroup[]): void {
  session.stage({ seen: seen.length === 0 ? undefined : [...seen] });
}
