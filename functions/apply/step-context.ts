import type { ChangeRecord, Member } from '../../shared/domain/records.ts';
import type { Zpa } from '../../shared/ports.ts';
import type { ApplyPorts, Invocation, LaneEnd } from './apply-ports.ts';
import type { LaneSession } from './lane-lease.ts';
import { settleAlone } from './settle-step.ts';
import type { Verdict } from './whose-fault.ts';

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

/** Does what the verdict over a fault says. */
export async function follow(context: StepContext, verdict: Verdict): Promise<LaneEnd | undefined> {
  const { ports, session, records } = context;
  if (verdict.kind === 'end') return verdict.end;
  if (verdict.kind === 'one-by-one') {
    session.note({ oneByOneUntil: Math.max(...records.map((r) => r.sequence)) });
  }
  const [record] = records;
  if (verdict.kind === 'reject' && record !== undefined) {
    await settleAlone(ports, session, record, verdict.rejection);
  }
  return undefined;
}
