import { afterWrite } from '../../shared/domain/fold-step.ts';
import type { ZpaFault } from '../../shared/domain/group.ts';
import type { Rejection } from '../../shared/domain/outcome.ts';
import type { Intent, PlannedWrite } from '../../shared/domain/records.ts';
import { rejectionOf } from '../../shared/domain/reject.ts';
import type { LaneEnd } from './apply-ports.ts';
import { settleIntent } from './settle-intent.ts';
import type { StepContext } from './step-context.ts';

/**
 * A write in the middle of a move was refused: what was done is taken back, last first, under an intent of its own, and
 * the change is rejected with ZPA's reason. What cannot even be taken back is said, loudly. `run` must read each group
 * again before it is written: its last read was before the move.
 */
export async function takeBack(
  context: StepContext,
  intent: Intent,
  fault: ZpaFault,
  run: (context: StepContext, intent: Intent) => Promise<LaneEnd | undefined>,
): Promise<LaneEnd | undefined> {
  const action = context.records[0]?.change.action ?? 'update';
  if (intent.takingBack !== undefined) {
    await settleStranded(context, intent, intent.takingBack, fault);
    return undefined;
  }
  const rejection = rejectionOf(fault, action);
  const writes = intent.writes.slice(0, intent.cursor).reverse().flatMap(inverse);
  const { unanswered: _unanswered, ...rest } = intent;
  return run(context, { ...rest, writes, cursor: 0, sendBefore: 0, takingBack: rejection });
}

function inverse(planned: PlannedWrite): PlannedWrite[] {
  const { write, before } = planned;
  const after = afterWrite(planned);
  if (write.kind !== 'update' || before === null || after === null) return [];
  const { name, description, enabled, configSpace } = before;
  const fields = { name, description, enabled, configSpace };
  return [{ write: { ...write, fields, addedApps: write.deletedApps, deletedApps: write.addedApps }, before: after }];
}

/** Application segments stay without a group: somebody must act. */
async function settleStranded(context: StepContext, intent: Intent, why: Rejection, fault: ZpaFault): Promise<void> {
  const stranded = intent.writes
    .slice(intent.cursor)
    .flatMap(({ write }) => (write.kind === 'update' ? write.addedApps : []));
  const { ports, session } = context;
  ports.log.error('application segments left without a group', { lane: session.lane().lane, count: stranded.length });
  ports.meter.count('LeftUngrouped', stranded.length);
  const takingBack: Rejection = {
    ...why,
    sentence: `${why.sentence}; taking it back was refused too, ${stranded.length} application segments are in no group`,
    remedy:
      'Put the application segments named in the failure into a group in the ZPA console, then redrive or discard.',
    details: { ...why.details, applications: stranded.slice(0, 100), takingBack: fault },
  };
  await settleIntent(context, { ...intent, takingBack }, []);
}
