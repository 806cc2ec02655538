import { isBegun, writeAtCursor } from '../../../shared/domain/intent/intent-writes.ts';
import { hasIntentRoom } from '../../../shared/domain/ledger/size-limits.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import { errorCode } from '../../../shared/ports/error-code.ts';
import type { LaneSession } from './lane-session.ts';

/** The intent in the ledger; `sent`: the same with the write as it is sent, where the stored one says less. */
export type StoredIntent = { intent: Intent; sent: Intent };

/**
 * Stores an intent before its write `planned` is sent. undefined: it is the rest of a half-done move and is too large for its item, so
 * nothing may be sent. `open-intent.ts` leaves room for what an intent gains, but not for every group that grows meanwhile.
 */
export async function storeIntent(
  session: LaneSession,
  stored: Intent,
  planned: PlannedWrite,
): Promise<StoredIntent | undefined> {
  const sent = withPlanned(stored, planned);
  const intent = hasIntentRoom({ ...session.lane(), intent: sent }) ? sent : withEarlierBefore(stored, planned);
  try {
    await session.save({ intent });
    return { intent, sent };
  } catch (error) {
    if (isBegun(intent) && errorCode(error) === 'record-too-large') return undefined;
    throw error;
  }
}

/** The group before the write stays as it was stored; what it has gained since counts as a foreign edit in the read-back. */
function withEarlierBefore(stored: Intent, planned: PlannedWrite): Intent {
  const before = writeAtCursor(stored)?.before ?? planned.before;
  return withPlanned(stored, { ...planned, before });
}

const withPlanned = (intent: Intent, planned: PlannedWrite): Intent => ({
  ...intent,
  writes: intent.writes.map((one, index) => (index === intent.cursor ? planned : one)),
});
