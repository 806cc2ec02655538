import { type LaneRecord, newLane } from '../../../../shared/domain/records/lane-record.ts';
import { ContentionError, optimisticUpdate } from '../../../../shared/ledger/optimistic-update.ts';
import { formatTime } from '../../output/describe-change.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { CommandContext } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import { recordAct } from '../../session/record-act.ts';
import { wakeLane } from './wake-lane.ts';

type Pause = NonNullable<LaneRecord['paused']>;

/** Pauses a lane. Answers the pause that holds, and whether it is this one: a lane that is paused stays as it is. */
export async function pauseLane(
  context: CommandContext,
  lane: string,
  { reason, by }: Pick<Pause, 'reason' | 'by'>,
): Promise<{ paused: Pause; done: boolean }> {
  const { session } = context;
  const mine: Pause = { by, reason: reason.slice(0, 500), since: session.clock.now() };
  let done = false;
  const run = () =>
    updateLane(session, lane, (one) => {
      done = one.paused === undefined;
      return done ? { ...one, paused: mine } : undefined;
    });
  const fault = () => (done ? undefined : 'already-paused');
  const { paused = mine } = await recordAct(context, 'lanes pause', { lane, reason, by }, run, fault);
  return { paused, done };
}

/**
 * Resumes a lane and wakes it. `since`: only the pause that began then. Answers the lane, which another pause may hold, or a stop
 * that nobody ends by hand.
 */
export async function resumeLane(context: CommandContext, lane: string, since?: number): Promise<LaneRecord> {
  const { session } = context;
  const run = () =>
    updateLane(session, lane, ({ paused, ...rest }) =>
      paused === undefined || (since !== undefined && paused.since !== since) ? undefined : rest,
    );
  const record = await recordAct(context, 'lanes resume', { lane }, run, ({ paused }) =>
    paused === undefined ? undefined : 'paused-again',
  );
  if (record.paused === undefined) await wakeLane(session, lane);
  return record;
}

/** No operator ends a stop: the lane tries its tenant again at its own time. `title` names the lane by its tenants. */
export function resumedSentence(title: string, stopped: LaneRecord['stopped'], now: number): string {
  if (stopped === undefined) return `${title} is resumed. Waiting changes continue within seconds.`;
  const { code, tenants, probeAt } = stopped;
  const what = tenants === undefined ? 'The tenant' : tenants.join(', ');
  const when = probeAt > now ? `at ${formatTime(probeAt + 999)}` : 'within seconds';
  return `${title} is not paused, but it is stopped (${code}). ${what} is retried ${when}; the lane continues if that succeeds.`;
}

/**
 * Updates the lane with a conditional write and repeats it, because the worker writes the lane too. Beside a worker,
 * operators write only `paused`.
 */
async function updateLane(
  session: OpsSession,
  lane: string,
  change: (record: LaneRecord) => LaneRecord | undefined,
): Promise<LaneRecord> {
  try {
    const { record } = await optimisticUpdate<LaneRecord, LaneRecord>(await session.ledger.readLane(lane), {
      change,
      write: (next, expected) => session.ledger.writeLane(next, expected),
      absent: () => newLane(lane),
      subject: `lane ${lane}`,
    });
    return record;
  } catch (error) {
    if (!(error instanceof ContentionError)) throw error;
    const sentence = `The worker was updating lane ${lane} at the same time.`;
    throw new OpsError(EXIT.unreachable, 'lane-busy', sentence, 'Try again.');
  }
}
