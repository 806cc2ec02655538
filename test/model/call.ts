import type { ZpaFault } from '../../shared/domain/group/group.ts';
import type { ChangeRef } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeMessage, FailureRecord, OutcomeNotice } from '../../shared/domain/ledger/message.ts';
import type { ChangeRecord, RejectedMember } from '../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../shared/domain/records/desired-group.ts';
import type { ZpaWrite } from '../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../shared/domain/records/lane-record.ts';

/** Every call a process can make outside itself, as data: each is a point where the scheduler decides what happens. */
export type Call =
  | { to: 'ledger.takeSequences'; count: number }
  | { to: 'ledger.lastSequence' }
  | { to: 'ledger.readChange'; ref: ChangeRef }
  | { to: 'ledger.writeChange'; record: ChangeRecord; expected: number }
  | { to: 'ledger.openChanges'; limit: number; after: number }
  | { to: 'ledger.failedChanges' }
  | { to: 'ledger.failuresBefore'; before: number; limit: number }
  | { to: 'ledger.readLane' }
  | { to: 'ledger.writeLane'; record: LaneRecord; expected: number }
  | { to: 'ledger.readDesired'; groupId: string }
  | { to: 'ledger.writeDesired'; record: DesiredGroup; expected: number }
  | { to: 'ledger.listDesired' }
  | { to: 'ledger.putRejectedMember'; member: RejectedMember }
  | { to: 'ledger.rejectedMembers'; set: string }
  | { to: 'queue.send'; messages: readonly ChangeMessage[] }
  | { to: 'queue.defer'; ids: readonly string[]; delayMs: number }
  | { to: 'failures.send'; failure: FailureRecord }
  | { to: 'outcomes.publish'; notice: OutcomeNotice }
  | { to: 'zpa.getGroup'; id: string }
  | { to: 'zpa.findGroups'; name: string }
  | { to: 'zpa.listGroups' }
  | { to: 'zpa.getApplication'; id: string }
  | { to: 'zpa.findApplications'; name: string }
  | { to: 'zpa.listApplications' }
  | { to: 'zpa.listMicrotenants' }
  | { to: 'zpa.listRules' }
  | { to: 'zpa.rulesNaming'; groupId: string }
  | { to: 'zpa.probe' }
  | { to: 'zpa.write'; write: ZpaWrite }
  /** `breakable`: the end of the invocation wakes it. */
  | { to: 'clock.sleep'; ms: number; breakable: boolean }
  /** The process has nothing more to do; the worker's answer names the messages that are to come again. */
  | { to: 'process.end'; retried: readonly string[] };

/** A call's answer. Values are frozen, because a process that changed one would change the past. */
export type Answer =
  | { kind: 'value'; value: unknown }
  /** The lane, held by another: only its lease may be looked at, which is checked. */
  | { kind: 'held'; lease: LaneRecord['lease'] }
  /** ZPA's fault, as the port rejects with it. */
  | { kind: 'fault'; fault: ZpaFault }
  /** The adapter of an AWS service gave up. */
  | { kind: 'unavailable' }
  /** The invocation's time is up. */
  | { kind: 'aborted' };

export const value = (of: unknown): Answer => ({ kind: 'value', value: of });
