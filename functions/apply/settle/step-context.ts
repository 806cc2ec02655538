import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import type { DatedRules, IsEnough } from '../../../shared/domain/group/policy-rule.ts';
import { generationKey } from '../../../shared/domain/lane/change-ref.ts';
import { readySince } from '../../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent, Member } from '../../../shared/domain/records/intent.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import type { Scope } from '../../../shared/reading/read-group.ts';
import { requireScanInTime } from '../../../shared/reading/rules-in-time.ts';
import type { LaneEnd, LaneWork } from '../lane/lane-hold.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import { attributeFault, type FaultOfCall, type FaultVerdict } from './attribute-fault.ts';
import { settleAlone } from './settle-changes.ts';

/** The dependencies and the scope of one step. */
export type StepContext = LaneWork & {
  /** Of all changes of the step. */
  tenant: string;
  zpa: Zpa;
  /** In lane order. */
  records: readonly ChangeRecord[];
  /** Of all reads of the step. */
  scope: Scope;
  /** Its write may be read back later, together with writes of other groups. */
  readBackMayWait: boolean;
  /** So many changes ahead name their groups that one listing of all names costs less than a search for each name. */
  listNames: boolean;
};

export const memberOf = ({ ref, generation, sequence }: ChangeRecord): Member => ({ ref, generation, sequence });

/** The readings of one microtenant for one deletion: interrupted, done, too old, and once more. */
const MAX_READINGS = 4;

/**
 * Reads every policy rule for the deletion in this step, in parts if one invocation is too short for all of them. `begun`:
 * a part of the deletion is written, so rules that were read before it do not count any more. Rejects with `scan-too-long`
 * before it reads any, if this lane cannot read them in time.
 */
export function rulesForDeletion({ ports, session, zpa, records, scope: { signal } }: StepContext, begun = false) {
  const { lane } = session.lane();
  const [head] = records;
  const id = head === undefined ? '' : `${generationKey(head)}${begun ? ' begun' : ''}`;
  return async (microtenantIds: readonly string[], isEnough: IsEnough): Promise<DatedRules> => {
    requireScanInTime(ports.configuration, lane, ports.timing, microtenantIds);
    const scope = { microtenantIds, signal, maxReadings: MAX_READINGS, isEnough };
    const accepted = head && !begun ? { tenant: head.change.tenant, at: readySince(head) } : undefined;
    return ports.ruleReadings.readAll(zpa, { lane, id, accepted }, scope);
  };
}

/** The stamp that read-backs have shown as that of our own API client, if any has. */
export const writerOf = (session: LaneSession, { tenant }: Pick<Intent, 'tenant'>): string | undefined =>
  session.lane().learned[tenant]?.writer;

/** Decides whose fault an error of this step is, and carries the verdict out, as `actOnVerdict` does. */
export async function actOnFault(
  context: StepContext,
  fault: ZpaFault,
  call?: FaultOfCall,
): Promise<LaneEnd | undefined> {
  return actOnVerdict(context, await attributeFault(context, context.records, fault, call));
}

/** Carries out the verdict about a fault. Returns an end of work on the lane, or undefined to go on. */
export async function actOnVerdict(context: StepContext, verdict: FaultVerdict): Promise<LaneEnd | undefined> {
  const { session, records } = context;
  if (verdict.kind === 'again') return verdict.end;
  if (verdict.kind === 'one-by-one') {
    session.stage({ oneByOneUntil: Math.max(0, ...records.map((r) => r.sequence)) });
  }
  const [record] = records;
  if (verdict.kind === 'reject' && record !== undefined) {
    await settleAlone(context, record, verdict.rejection);
  }
  return undefined;
}
