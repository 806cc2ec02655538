import type { FieldDifference } from '../../shared/domain/outcome.ts';
import type { Ending, Intent } from '../../shared/domain/records.ts';
import { endedAs, settleInOrder } from './settle-step.ts';
import type { StepContext } from './step-context.ts';

/** Settles every member of an intent whose writes are done, in lane order, and lets go of it. */
export async function settleIntent(
  { ports, session, records }: StepContext,
  intent: Intent,
  overtaken: FieldDifference[],
): Promise<void> {
  const ungroupedMs = intent.openSince === undefined ? undefined : ports.clock.now() - intent.openSince;
  const written = { writeId: intent.writeId, groupId: intent.createdId ?? '', overtaken };
  const endings = intent.members.flatMap(({ ending }, index) => {
    const record = records[index];
    return record === undefined ? [] : [{ record, ended: endedAs(endingOf(intent, ending, ungroupedMs), written) }];
  });
  await settleInOrder(ports, session, endings);
  session.note({ intent: undefined, working: undefined, trouble: undefined, stopped: undefined });
}

function endingOf({ takingBack }: Intent, ending: Ending, ungroupedMs: number | undefined): Ending {
  if (ending.kind === 'rejected') return ending;
  if (takingBack !== undefined) return { ...takingBack, details: { ...takingBack.details, ungroupedMs } };
  if (ungroupedMs === undefined || ending.effect.moves === undefined) return ending;
  return { ...ending, effect: { ...ending.effect, ungroupedMs } };
}
