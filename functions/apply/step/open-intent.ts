import { hasIntentRoom } from '../../../shared/domain/ledger/size-limits.ts';
import { reject } from '../../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import { readBackBatch } from '../intent/read-back-batch.ts';
import { sendWrites } from '../intent/send-writes.ts';
import type { LaneEnd } from '../lane/lane-hold.ts';
import { hasTimeToWrite } from '../lane/wait-in-place.ts';
import { overlapsAwaiting } from '../rules/awaiting-read-back.ts';
import type { FaultVerdict } from '../settle/attribute-fault.ts';
import { actOnVerdict, type StepContext } from '../settle/step-context.ts';

/** Turns a decided step into an intent and carries it out. */
export async function openIntent(
  context: StepContext,
  members: Intent['members'],
  writes: PlannedWrite[],
): Promise<LaneEnd | undefined> {
  const { ports, session, tenant, records } = context;
  // A move starts only if there is time for its second write as well.
  const spare = writes.length > 1 ? ports.timing.sendWithinMs : 0;
  if (!hasTimeToWrite(context, spare)) return { kind: 'again' };
  const { answered = [] } = session.lane();
  // A resolved name leads to a write that awaits its read-back: that is read back first, and the step is taken again.
  if (overlapsAwaiting(writes, answered)) return readBackBatch(context);
  const intent: Intent = { writeId: ports.chance.id(), tenant, members, writes, cursor: 0, sendBefore: 0 };
  if (hasIntentRoom({ ...session.lane(), intent })) return sendWrites(context, intent);
  if (answered.length > 0) return readBackBatch(context);
  return actOnVerdict(context, tooLarge(records));
}

/**
 * An intent must fit one ledger item until it is settled, so its size is judged before the first write is sent: a larger step is
 * taken one change at a time, and a larger change is rejected.
 */
function tooLarge(records: readonly ChangeRecord[]): FaultVerdict {
  if (records.length > 1) return { kind: 'one-by-one' };
  const sentence = 'the change touches more application segments than one write can be recorded for';
  const remedy = 'Split it into changes of fewer application segments.';
  return { kind: 'reject', rejection: reject('guarded', sentence, { remedy }) };
}
