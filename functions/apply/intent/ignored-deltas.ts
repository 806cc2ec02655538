import { hasSameContent } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup, ZpaFault } from '../../../shared/domain/group/group.ts';
import { writtenGroups } from '../../../shared/domain/intent/intent-writes.ts';
import { cancelRequestOf } from '../../../shared/domain/ledger/cancellation.ts';
import type { Intent, PlannedWrite, ZpaWrite } from '../../../shared/domain/records/intent.ts';
import { readGroup } from '../../../shared/reading/read-group.ts';
import type { LaneEnd } from '../lane/lane-hold.ts';
import { tenantNamed } from '../lane/tenant-named.ts';
import { areDeltasIgnored, isMembershipWrite } from '../rules/judge-read-back.ts';
import { type StepContext, writerOf } from '../settle/step-context.ts';
import { waitForTenant } from '../settle/tenant-fault.ts';
import { lookAgain } from './look-again.ts';
import { settlePartly } from './settle-unknown.ts';

/**
 * Whether a tenant's v2 honours membership deltas is a setting and is not learned. Where it contradicts ZPA, the lane stops with
 * the setting's name; the change stays under its intent until the setting is edited or a later look shows the memberships
 * (docs/adr/0012-the-way-of-memberships-is-a-setting.md).
 */
type LiveGroups = ReadonlyMap<string, SegmentGroup | null>;

/**
 * The rest of a move was refused: the cause may be that v2 ignored the finished writes. Reads their groups, and holds the
 * intent if so. undefined: they had an effect. Rejects as the `Zpa` port does.
 */
export async function holdIfIgnored(
  context: StepContext,
  intent: Intent,
): Promise<{ end: LaneEnd | undefined } | undefined> {
  if (intent.takingBack !== undefined) return undefined;
  const { session, zpa, scope } = context;
  const writer = writerOf(session, intent);
  const finished = intent.writes.slice(0, intent.cursor);
  const live = new Map<string, SegmentGroup | null>();
  for (const [index, { write }] of finished.entries()) {
    if (!isMembershipWrite(write)) continue;
    const found = await readGroup(zpa, write.groupId, scope);
    live.set(write.groupId, found.kind === 'found' ? found.value : null);
    if (!areDeltasIgnored({ ...intent, cursor: index + 1 }, live, writer)) return undefined;
  }
  return (await lookAgain(context, intent)) ?? { end: await afterIgnoredDeltas(context, intent, live) };
}

/** The quiet period is over and v2 has ignored the memberships of the finished writes. `live`: the groups of these writes. */
export async function afterIgnoredDeltas(
  context: StepContext,
  intent: Intent,
  live: LiveGroups,
): Promise<LaneEnd | undefined> {
  const { ports, session, records } = context;
  const written = writtenGroups({ ...intent, writes: intent.writes.slice(0, intent.cursor) });
  const isUntouched = written.every(({ groupId, before }) => {
    const group = live.get(groupId);
    return before !== null && group != null && hasSameContent(before, group);
  });
  if (records.some((record) => cancelRequestOf(record) !== undefined)) {
    const writer = writerOf(session, intent);
    if (!isUntouched || writer === undefined) return settlePartly(context, intent);
  } else if (tenantNamed(ports, intent.tenant).membership === 'v2') {
    const reason = 'ZPA ignored the application segments that were to join or leave a segment group';
    return waitForTenant(context, { code: 'membership-ignored', effect: 'none', ...wrongSetting(intent, reason) });
  }
  // A change of which nothing is in effect is decided anew; a part that is in effect is continued under its intent.
  session.stage({ stopped: undefined, intent: isUntouched ? undefined : throughV1(intent) });
  return undefined;
}

/** The intent with its finished memberships once more, through v1, before the writes that are left. The fields are written. */
function throughV1({ lookedAt: _lookedAt, openSince: _openSince, ...intent }: Intent): Intent {
  const finished = intent.writes.slice(0, intent.cursor);
  const again = finished.flatMap(({ write, before }): PlannedWrite[] =>
    isMembershipWrite(write)
      ? [{ write: { ...write, via: 'v1' }, before: before && { ...before, ...write.fields } }]
      : [],
  );
  return { ...intent, writes: [...finished, ...again, ...intent.writes.slice(intent.cursor)], sendBefore: 0 };
}

/** A tenant without v2 is no fault of the change either. undefined: the answer says something else. */
export function noSuchVersion(intent: Intent, write: ZpaWrite, answer: ZpaFault): ZpaFault | undefined {
  if (answer.code !== 'no-such-route' || write.kind !== 'update' || write.via === 'v1') return undefined;
  return { ...answer, ...wrongSetting(intent, 'ZPA has no v2 for this tenant') };
}

const wrongSetting = ({ tenant }: Intent, observed: string) =>
  ({
    class: 'transient',
    scope: 'tenant',
    reason: `tenants.${tenant}.membership is "v2", but ${observed}; set it to "v1"`,
  }) as const;
