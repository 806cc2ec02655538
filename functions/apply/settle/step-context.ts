import type { RulesRead } from '../../../shared/domain/group/policy-rule.ts';
import { generationKey } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent, Member } from '../../../shared/domain/records/intent.ts';

import type { Zpa } from '../../../shared/ports/ports.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import type { ApplyPorts, Invocation, LaneEnd } from '../lane/ports.ts';
import type { Verdict } from './attribute-fault.ts';
import { settleAlone } from './settle-changes.ts';

/** Everything one step is worked with. */
export type StepContext = {
  ports: ApplyPorts;
  session: LaneSession;
  invocation: Invocation;
  zpa: Zpa;
  /** In lane order. */
  records: readonly ChangeRecord[];
  microtenantId: string;
  /** Its write may wait for one look together with others. */
  aside: boolean;
  /** So many changes ahead name their groups that a listing of all names costs less than a search for each. */
  listNames: boolean;
};

export const memberOf = ({ ref, generation, sequence }: ChangeRecord): Member => ({ ref, generation, sequence });

/**
 * Every rule, read for the deletion that this step is; in parts, if an invocation is too short for all of it. `resumed`:
 * half of it is done, and what was read before that does not count any more.
 */
export function rulesForDeletion({ ports, zpa, records, invocation }: StepContext, resumed = false) {
  const [head] = records;
  const deletion = head === undefined ? '' : `${generationKey(head)}${resumed ? ' resumed' : ''}`;
  return (microtenantIds: readonly string[]): Promise<RulesRead> =>
    ports.ruleReadings.readAll(zpa, deletion, { microtenantIds, signal: invocation.signal });
}

/** Something was done already, or is being taken back: it must be brought to an end. */
export const isBegun = (intent: Intent): boolean => intent.cursor > 0 || intent.takingBack !== undefined;

/** Does what the verdict over a fault says. */
export async function actOnVerdict(context: StepContext, verdict: Verdict): Promise<LaneEnd | undefined> {
  const { ports, session, records } = context;
  if (verdict.kind === 'end') return verdict.end;
  if (verdict.kind === 'one-by-one') {
    session.note({ oneByOneUntil: Math.max(0, ...records.map((r) => r.sequence)) });
  }
  const [record] = records;
  if (verdict.kind === 'reject' && record !== undefined) {
    await settleAlone(ports, session, record, verdict.rejection);
  }
  return undefined;
}
