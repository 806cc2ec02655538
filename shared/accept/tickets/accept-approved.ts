import { affectsChange } from '../../domain/approval/affects-change.ts';
import { type Approval, type ApprovalRefusal, judgeApproval } from '../../domain/approval/judge-approval.ts';
import { preapproval } from '../../domain/approval/preapproval.ts';
import type { HttpAnswer } from '../../domain/http/http-problem.ts';
import { mapTicket } from '../../domain/mapping/map-ticket.ts';
import type { MappedTicket } from '../../domain/mapping/mapped-ticket.ts';
import { contentFingerprint } from '../../domain/plan/plan-binding.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import type { TicketRecord } from '../../ports/ticket-system.ts';
import { type AcceptResult, acceptChanges } from '../changes/accept-changes.ts';
import { type AskedChange, invalid, readChanges } from '../changes/read-changes.ts';
import { cancelLapsed, type Seen } from './cancel-lapsed.ts';
import { keyChanges } from './key-changes.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { keyPart, latestApproval, sortRevisions } from './ticket-revision.ts';
import { changesOfTicket, supersedeEarlier } from './ticket-revisions.ts';
import type { TicketSource } from './ticket-source.ts';

/** For people: what is wrong, and what to do. */
export type Explained = { sentence: string; remedy: string };

/** What became of a ticket whose fields say that it is approved. */
export type Approved =
  /** `earlier`: changes of earlier approvals, as they stood before; `superseded`: how many of them ended by this. */
  | { kind: 'accepted'; asked: AskedChange[]; taken: AcceptResult; superseded: number; earlier: ChangeRecord[] }
  /** Its approval does not bear it. `concerns`: it certainly is about segment groups. */
  | ({ kind: 'refused'; reason: RefusedReason; concerns: boolean; occasion: string } & Explained)
  /** It cannot be accepted as it is, or not now; `faults` are of what the ticket says. */
  | { kind: 'unacceptable'; answer: HttpAnswer; faults: Explained[]; concerns: boolean; occasion: string }
  | { kind: 'ignored'; reason: 'newer-approval' | 'accepted-before'; says: string };

export type RefusedReason = ApprovalRefusal['code'] | 'approval-spent';

/**
 * Approval in force → earlier revisions superseded → changes read → accepted. Looked at again afterwards: of two approvals
 * that are taken in at the same moment, each enters its changes before it looks, so one of them sees the other and the
 * later one stays.
 */
export async function acceptApproved(ports: TicketPorts, from: TicketSource, seen: Seen): Promise<Approved> {
  const { ticket } = seen;
  const mapped = await mapTicket(from.mapping, ticket.payload, { source: from.name, evaluate: ports.evaluate });
  const concerns = mapped.kind === 'mapped' || from.gate.concerns.length > 0;
  const known = await changesOfTicket(ports, from.name, ticket.id);
  const verdict = judgeApproval(factsOf(from, ticket, mapped), rulesOf(from, seen));
  if (verdict.kind === 'refused') {
    if (verdict.approval !== undefined) await supersedeEarlier(ports, known, verdict.approval);
    await cancelLapsed(ports, from, seen, known);
    // Edits after it was taken in change nothing about what was approved and taken.
    if (verdict.code === 'approval-stale' && isKnown(known, verdict.approval)) return EDITED_LATER;
    const { code: reason, sentence, remedy } = verdict;
    return { kind: 'refused', reason, sentence, remedy, concerns, occasion: occasionOf(ticket) };
  }
  const { approval, approvals } = verdict;
  const { earlier, later } = sortRevisions(known, approval);
  if (later.length > 0) {
    // Also changes of this approval, whose author got no further than to enter them.
    await supersedeEarlier(ports, known, latestApproval(later, approval));
    return NEWER;
  }
  const before = await supersedeEarlier(ports, known, approval);
  const occasion = occasionOf(ticket);
  if (mapped.kind === 'faults') {
    const { faults } = mapped;
    return { kind: 'unacceptable', answer: invalid(faults), faults, concerns, occasion };
  }
  const changes = keyChanges(mapped, { approval, approvals, requestedBy: ticket.requestedBy });
  const read = readChanges(ports.configuration, from.name, from.source, { changes });
  if ('refusal' in read) return { kind: 'unacceptable', answer: read.refusal, faults: read.faults, concerns, occasion };
  const asked = await asPlanned(ports, from.name, ticket.id, read.changes);
  const taken = await acceptChanges(ports, from.source, from.name, asked);
  if ('refusal' in taken) return { kind: 'unacceptable', answer: taken.refusal, faults: [], concerns, occasion };
  if (taken.fresh === 0) {
    if (taken.records.every(isTakenBack)) return { kind: 'refused', ...SPENT, concerns, occasion };
    return { kind: 'accepted', asked: read.changes, taken, superseded: before.ended, earlier };
  }
  const overtaken = await settleRace(ports, from, ticket.id, approval);
  return { kind: 'accepted', asked: read.changes, taken, superseded: before.ended + overtaken, earlier };
}

/** The changes with what their approver saw of them, where the ticket was planned while it waited for approval. */
function asPlanned({ planned }: TicketPorts, source: string, ticketId: string, changes: readonly AskedChange[]) {
  return Promise.all(
    changes.map(async (one): Promise<AskedChange> => {
      const plan = await planned?.bindingOf(source, ticketId, contentFingerprint(one.change));
      return plan === undefined ? one : { ...one, plan };
    }),
  );
}

function factsOf({ mapping, gate }: TicketSource, ticket: TicketRecord, mapped: MappedTicket) {
  const told = mapped.kind === 'mapped' ? mapped.ticket.requestedBy : undefined;
  return {
    approvals: ticket.approvals,
    preapproved: preapproval(gate, ticket.payload, ticket.fieldChanges),
    requestedBy: ticket.requestedBy ?? told,
    fieldChanges: ticket.fieldChanges,
    affectsChange: (field: string) => affectsChange(mapping, gate, field),
  };
}

/** A trusted payload is trusted to be what was approved. */
const rulesOf = ({ approval }: TicketSource, { told }: Seen) => ({
  selfApproval: approval.selfApproval,
  trustHistory: approval.trustHistory || told === true,
});

/** A revision that another one, taken in meanwhile, is later than, is taken out again: also our own. */
async function settleRace(ports: TicketPorts, { name }: TicketSource, ticketId: string, approval: Approval) {
  const records = await changesOfTicket(ports, name, ticketId);
  return (await supersedeEarlier(ports, records, latestApproval(records, approval))).ended;
}

function isKnown(known: readonly ChangeRecord[], approval: Approval | undefined): boolean {
  return approval !== undefined && sortRevisions(known, approval).same.length > 0;
}

const isTakenBack = ({ outcome }: ChangeRecord) => outcome?.kind === 'cancelled';

/** Names the approval, so that what is said about it is said once, and again after the next one. */
function occasionOf({ approvals }: TicketRecord): string {
  return keyPart(approvals.at(-1)?.ref ?? 'none');
}

const EDITED_LATER = {
  kind: 'ignored',
  reason: 'accepted-before',
  says: 'fields were edited after it was accepted; what was approved is carried out',
} as const;

const NEWER = {
  kind: 'ignored',
  reason: 'newer-approval',
  says: 'the ledger holds changes of a later approval of this ticket',
} as const;

const SPENT = {
  reason: 'approval-spent',
  sentence: 'Its changes were cancelled under this approval, and are not carried out by it any more.',
  remedy: 'Let it be approved again.',
} as const;
