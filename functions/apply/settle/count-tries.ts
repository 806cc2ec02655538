import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import { generationKey, refKey } from '../../../shared/domain/lane/change-ref.ts';
import { errorText } from '../../../shared/domain/notice/lane-standing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { updateChange } from '../../../shared/ledger/update-change.ts';
import type { LaneHold } from '../lane/lane-hold.ts';
import type { ApplyPorts } from '../lane/ports.ts';

/** The failed tries so far, and the instant of the next one. */
export type Tried = { tries: number; retryAt: number };

/**
 * Counts a failed try of one change: in the lane record, which decides about the next try, and in the change record,
 * which people read.
 */
export async function countTry(
  { ports, session }: LaneHold,
  record: ChangeRecord,
  fault: ZpaFault,
  failedAt = ports.clock.now(),
): Promise<Tried> {
  const now = ports.clock.now();
  const trouble = troubleOf(session.lane(), record);
  const tries = (trouble?.tries ?? 0) + 1;
  const retryAt = failedAt + retryDelay(ports, tries, fault.retryAfterMs, 'slowly');
  const { ref, generation } = record;
  const error = errorText(fault);
  await session.save({ trouble: { ref, generation, tries, since: trouble?.since ?? now, retryAt, error } });
  await noteTry(ports, record, fault, tries);
  return { tries, retryAt };
}

/**
 * Counts a failed look at an open intent, or a failed try of its next write (`soon`), which begins the count of looks anew: a
 * write that always fails is compensated, also where one look at it fails. The tries before the first write do not count:
 * there may have been many, and the change may be in effect by now.
 */
export async function countTryUnderIntent(
  { ports, session }: LaneHold,
  record: ChangeRecord | undefined,
  intent: Intent,
  fault: ZpaFault,
  pace: Pace,
): Promise<Tried> {
  const { tries: writes = 0, looks = 0 } = intent.trouble ?? {};
  const tries = (pace === 'soon' ? writes : looks) + 1;
  const retryAt = ports.clock.now() + retryDelay(ports, tries, fault.retryAfterMs, pace);
  const counted = pace === 'soon' ? { tries } : { tries: writes, looks: tries };
  await session.save({ intent: { ...intent, trouble: { ...counted, retryAt, error: errorText(fault) } } });
  await noteTry(ports, record, fault, tries);
  return { tries, retryAt };
}

/** Counts a failed try in the change record alone, if that can be read. */
export async function noteTry(
  ports: ApplyPorts,
  record: ChangeRecord | undefined,
  fault: ZpaFault,
  tries: number,
): Promise<void> {
  if (record === undefined) return;
  const { ref, generation } = record;
  // Settling the change counts the last try.
  if (tries < ports.timing.unknownTries) {
    await updateChange(ports.ledger, record, (r) =>
      r.generation === generation && r.state !== 'settled' ? { ...r, attempts: r.attempts + 1 } : undefined,
    );
  }
  ports.log.warn('change met an error', { ...ref, code: fault.code, zpaId: fault.zpaId, status: fault.status, tries });
}

/** The failed tries of this generation of the change, if the lane has counted any. */
export function troubleOf(lane: LaneRecord, record: ChangeRecord): LaneRecord['trouble'] {
  const { trouble } = lane;
  if (trouble === undefined || trouble.generation !== record.generation) return undefined;
  return refKey(trouble.ref) === refKey(record.ref) ? trouble : undefined;
}

type Limited = NonNullable<LaneRecord['limited']>;

/** The lane counts the 429s to one change: to all that precedes its intent, or to one write under it and the looks at that. */
export function limitedOf(lane: LaneRecord, records: readonly ChangeRecord[], intent: Intent | undefined): Limited {
  const [first] = intent?.members ?? records;
  const of = first === undefined ? '' : generationKey(first);
  const at = intent === undefined ? '' : `${intent.writeId} ${intent.cursor}`;
  return lane.limited?.of === of && lane.limited.at === at ? lane.limited : { of, at, tries: 0, waitedMs: 0 };
}

/**
 * Counts a 429. The wait is what ZPA asks for, and grows with the time waited so far: some forty tries within half an hour, since a
 * limit of the tenant that others nearly use up refuses one change many times in a row.
 */
export function countLimit({ timing }: ApplyPorts, before: Limited, { retryAfterMs }: ZpaFault) {
  const pauseMs = Math.round(Math.max(retryAfterMs ?? timing.budgetWindowMs, before.waitedMs / 8));
  const limited = { ...before, tries: before.tries + 1, waitedMs: before.waitedMs + pauseMs };
  const isUsedUp = limited.tries >= timing.unknownTries && before.waitedMs >= timing.unknownSpanMs;
  return { pauseMs, limited, isUsedUp };
}

/** ZPA refused the change for now, because something else changes the same objects. */
export const isClash = (fault: ZpaFault): boolean => fault.scope === 'change' && fault.class === 'transient';

/** `soon`: in the middle of a move, where applications are in no group. */
export type Pace = 'slowly' | 'soon';

/** Gives six tries within thirty minutes: 0.5, 1, 2, 4 and 8 minutes apart, or 1, 2, 4, 8 and 16 seconds, with jitter. */
function retryDelay(ports: ApplyPorts, tries: number, retryAfterMs: number | undefined, pace: Pace): number {
  const { unknownSpanMs } = ports.timing;
  const first = pace === 'soon' ? unknownSpanMs / 1800 : unknownSpanMs / 64;
  return Math.max(retryAfterMs ?? 0, jitter(ports, Math.min(first * 2 ** (tries - 1), unknownSpanMs / 3)));
}

/** Lengthens a wait by up to a fifth, so that lanes do not retry at the same time. */
export function jitter({ chance }: Pick<ApplyPorts, 'chance'>, ms: number): number {
  return Math.round(ms * (1 + chance.random() / 5));
}
