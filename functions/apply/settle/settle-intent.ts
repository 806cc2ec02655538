import { type Endings, endMembers, outcomeAfterWrite } from '../../../shared/domain/intent/outcome-after-write.ts';
import type { FieldDifference } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ending, Intent } from '../../../shared/domain/records/intent.ts';
import type { LaneHold } from '../lane/lane-hold.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import { afterAnswer } from '../rules/held-back.ts';
import { settleInOrder } from './settle-changes.ts';

/** A lane and the changes of an intent, as far as they can be read: all that settling needs, ZPA is not called. */
export type SettlingContext = LaneHold & { records: readonly ChangeRecord[] };

/** Settles every member of an intent whose writes are done, in lane order, and clears the open intent. */
export async function settleIntent(
  context: SettlingContext,
  intent: Intent,
  overtaken: FieldDifference[] = [],
): Promise<void> {
  const { ports, session, records } = context;
  const { changes, unread } = outcomesOf(ports, records, intent, overtaken);
  await settleInOrder(context, changes, unread);
  session.stage({ intent: undefined, working: undefined, ...afterAnswer(session.lane(), intent.tenant) });
}

/** The outcomes of the members of an intent whose writes are done, in lane order. */
export function outcomesOf(
  ports: ApplyPorts,
  records: readonly ChangeRecord[],
  intent: Intent,
  overtaken: FieldDifference[],
): Endings {
  const ungroupedMs = intent.openSince === undefined ? undefined : ports.clock.now() - intent.openSince;
  const written = { writeId: intent.writeId, groupId: intent.createdId ?? '', overtaken };
  return endMembers(intent.members, records, ({ ending }) =>
    outcomeAfterWrite(endingOfMember(intent, ending, ungroupedMs), written),
  );
}

/**
 * `takingBack` replaces the ending: it is the rejection of a compensated move, or of writes whose result is unknown.
 * `ungroupedMs`: the time for which the applications of a move had no group.
 */
function endingOfMember({ takingBack }: Intent, ending: Ending, ungroupedMs: number | undefined): Ending {
  if (ending.kind === 'rejected') return ending;
  if (takingBack !== undefined) {
    return ungroupedMs === undefined ? takingBack : { ...takingBack, details: { ...takingBack.details, ungroupedMs } };
  }
  if (ungroupedMs === undefined || ending.effect.moves === undefined) return ending;
  return { ...ending, effect: { ...ending.effect, ungroupedMs } };
}
