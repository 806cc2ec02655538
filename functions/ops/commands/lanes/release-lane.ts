import { releasedOutcome } from '../../../../shared/domain/intent/unknown-outcome.ts';
import type { Rejection } from '../../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { readMembers } from '../../../../shared/ledger/read-members.ts';
import {
  openIntents,
  type ReleaseRefusal,
  refuseRelease,
  releaseIntents,
} from '../../../../shared/ledger/release-intent.ts';
import { messageOf } from '../../checks/finding.ts';
import { formatTime } from '../../output/describe-change.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { CommandContext, OpsCommand } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import { findChange } from '../../session/find-change.ts';
import { findLane } from '../../session/lanes.ts';
import { changesConcerned, recordAct } from '../../session/record-act.ts';
import { lastWritten, readWritten, type WrittenNow } from './read-written.ts';
import { showConcerned, showWritten } from './show-intent.ts';
import { wakeLane } from './wake-lane.ts';

export type ReleaseOptions = { reason: string; by: string; yes?: boolean };

/** An open intent with its changes and its groups as they are now. */
type Shown = { intent: Intent; records: ChangeRecord[]; groups: WrittenNow[] };

/** Shows the open intents of a lane, asks, and settles their changes: exactly what was shown. */
export const release: OpsCommand<ReleaseOptions> = async (context, { reason, by, yes = false }, name = '') => {
  const { session, terminal } = context;
  const read = await readRelease(context, await laneOf(session, name));
  for (const { records, groups } of read.shown) {
    showWritten(terminal, groups);
    showConcerned(terminal, records);
  }
  const count = read.shown.reduce((sum, { records }) => sum + records.length, 0);
  const question = `Close ${count === 1 ? 'this change' : `these ${count} changes`} as outcome-unknown?`;
  if (!(await terminal.confirm(question, yes))) return EXIT.interrupted;
  const { lane } = read;
  const settled = await releaseShown(context, read, { reason, by });
  for (const { ref, generation, outcome } of settled) {
    const end = outcome?.kind === 'rejected' ? outcome.code : (outcome?.kind ?? '');
    terminal.say(
      `${visible(ref.idempotencyKey)}${generation === 1 ? '' : ` (retry ${generation - 1})`} is closed: ${end}`,
    );
  }
  terminal.say(
    `${lane.lane} continues. Review the closed changes with \`failures show KEY\`, then retry or dismiss them.`,
  );
  terminal.document({
    lane: lane.lane,
    settled: settled.map(({ ref, generation, outcome }) => ({ ...ref, generation, outcome })),
  });
  return EXIT.ok;
};

/** The lane of this name, of this tenant, or of the change with this key. */
async function laneOf(session: OpsSession, name: string): Promise<string> {
  try {
    return await findLane(session, name);
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    const { ref } = await findChange(session, name, {}).catch((other: unknown) => {
      throw other instanceof OpsError && other.exit === EXIT.notFound ? error : other;
    });
    return ref.lane;
  }
}

/** The lane as it is now, and what is known of its open intents. */
export type ReadRelease = { lane: LaneRecord; shown: Shown[] };

/** Reads a lane, the changes of its open intents and their groups. Throws an `OpsError` if it cannot be released now. */
export async function readRelease(context: CommandContext, name: string): Promise<ReadRelease> {
  const { session, terminal, signal } = context;
  const lane = await session.ledger.readLane(name);
  throwIfRefused(session, lane);
  const shown: Shown[] = [];
  terminal.progress('reading the groups from ZPA …');
  for (const intent of openIntents(lane)) {
    const records = await readMembers(session, intent);
    shown.push({ intent, records, groups: await readWritten(session, lane.lane, intent, signal) });
  }
  return { lane, shown };
}

/**
 * Settles the changes of the intents that were read as `outcome-unknown`, and wakes the lane. Throws an `OpsError`, and does
 * nothing, if the lane was written since it was read.
 */
export async function releaseShown(
  context: CommandContext,
  { lane, shown }: ReadRelease,
  { reason, by }: Pick<ReleaseOptions, 'reason' | 'by'>,
): Promise<ChangeRecord[]> {
  const { session, terminal } = context;
  const outcomes = new Map(shown.map((one) => [one.intent, outcomeOf(one, `${by} (operator)`, reason.slice(0, 500))]));
  const details = { lane: lane.lane, reason, by, ...changesConcerned(shown.flatMap(({ records }) => records)) };
  const settled = await recordAct(context, 'lanes release', details, async () => {
    const released = await releaseIntents(session, lane, outcomes, { owner: by, leaseMs: session.timing.leaseMs });
    if (released !== undefined) return released;
    throw changedLane(lane.lane);
  });
  // The changes are closed and only this run can say which, so a failed wake is a warning.
  await wakeLane(session, lane.lane).catch((error: unknown) =>
    terminal.warn(
      `Lane ${lane.lane} could not be woken (${visible(messageOf(error), 500)}). Wake it: zpa-changes lanes resume ${lane.lane}.`,
    ),
  );
  return settled;
}

/** The lane was written after it was shown to a person. */
function changedLane(lane: string): OpsError {
  const sentence = `Lane ${lane} has changed since it was shown. Nothing was done.`;
  return new OpsError(EXIT.failed, 'lane-changed', sentence, 'Review what it holds now, and release it again.');
}

function outcomeOf({ intent, groups }: Shown, by: string, reason: string): Rejection {
  const last = lastWritten(intent, groups);
  return releasedOutcome(intent, { live: last?.live ?? null, unread: last?.unread }, { by, reason });
}

function throwIfRefused(session: OpsSession, lane: LaneRecord): void {
  const refusal = refuseRelease(lane, session.clock.now(), session.timing);
  if (refusal !== undefined) throw refusalError(lane.lane, refusal);
}

function refusalError(lane: string, refusal: ReleaseRefusal): OpsError {
  if (refusal.code === 'no-open-intent') {
    const sentence = `Lane ${lane} has no unconfirmed write.`;
    return new OpsError(EXIT.notFound, refusal.code, sentence, 'The list of lanes says why a lane waits.');
  }
  const again = `Try again after ${formatTime(refusal.until + 999)}.`;
  const sentence =
    refusal.code === 'lane-busy'
      ? `A worker is processing lane ${lane} and may complete the write.`
      : `ZPA may still be applying a write of lane ${lane}.`;
  return new OpsError(EXIT.unreachable, refusal.code, sentence, again);
}
