import type { Approval } from '../../domain/approval/approval.ts';
import type { ApprovalVerdict } from '../../domain/approval/judge-approval.ts';
import { mapTicket } from '../../domain/mapping/map-ticket.ts';
import type { MappedTicket } from '../../domain/mapping/mapped-ticket.ts';
import type { MappingFault } from '../../domain/mapping/mapping-fault.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import type { TicketRecord } from '../../ports/ticket-system.ts';
import { invalid } from '../changes/read-changes.ts';
import { acceptKeyed } from './accept-keyed.ts';
import {
  type About,
  type ApprovedResult,
  EDITED_CONFIGURATION,
  EDITED_LATER,
  NEWER,
  NOT_READ,
  NOT_SHOWN,
  SPENT,
  TOO_SOON,
  WITHDRAWN,
} from './approved-result.ts';
import { cancelLapsed, type TicketSnapshot } from './cancel-lapsed.ts';
import { judgeSnapshot } from './judge-snapshot.ts';
import { keyChanges } from './key-changes.ts';
import { withKnownApprovals } from './known-approvals.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { isSpent, isWhole, keyPart, latestApproval, sortRevisions, stands } from './ticket-revision.ts';
import { cancelUnfinished, changesOfTicket, readableChangesOf, supersedeEarlier } from './ticket-revisions.ts';
import type { TicketSource } from './ticket-source.ts';
import { isWithdrawnSince } from './withdrawn-since.ts';

/**
 * Approval in force → earlier revisions superseded → changes read → accepted → ledger read again: of two approvals that are
 * accepted at the same moment, each enters its changes before it reads again, so at least one of them sees the other, and
 * the later approval stays.
 */
export async function acceptApproved(
  ports: TicketPorts,
  from: TicketSource,
  asRead: TicketSnapshot,
): Promise<ApprovedResult> {
  const { known, unread } = await readableChangesOf(ports, from.name, asRead.ticket.id);
  if (unread !== undefined) {
    await cancelLapsed(ports, from, asRead, known);
    throw unread;
  }
  const ticket = withKnownApprovals(asRead, known);
  const snapshot = { ...asRead, ticket };
  const mapped = await mapTicket(from.mapping, ticket.payload, { source: from.name, evaluate: ports.evaluate });
  const concerns = mapped.kind === 'mapped' || from.gate.concerns.length > 0;
  const about = { concerns, occasion: occasionOf(ticket) };
  const { verdict, requesters } = judgeSnapshot(from, snapshot, mapped, ports.clock.now());
  if (verdict.kind === 'refused') return refuseUnborne(ports, from, snapshot, { verdict, known, mapped, about });
  const { approval, approvals, writers } = verdict;
  const { same, earlier, later } = sortRevisions(known, approval);
  if (later.length > 0) {
    // This also ends changes of this approval that a crashed invocation entered.
    await supersedeEarlier(ports, known, latestApproval(later, approval));
    return NEWER;
  }
  const before = await supersedeEarlier(ports, known, approval);
  if (await isWithdrawnSince(ports, from, snapshot, approval)) {
    // A read of some seconds later knows whether the approval stands.
    if (snapshot.fromPayload !== true && same.length === 0) {
      return { kind: 'unacceptable', answer: TOO_SOON, faults: [], ...about };
    }
    // An invocation that died after it entered changes left them open.
    return refuseWithdrawn(ports, from, same, about);
  }
  if (isSpent(same)) return { kind: 'refused', ...SPENT, ...about };
  if (mapped.kind === 'faults') return isWhole(same) ? EDITED_CONFIGURATION : unacceptable(mapped.faults, about);
  const changes = keyChanges(mapped, { approval, approvals, requesters, writers });
  const result = await acceptKeyed(ports, from, { ticketId: ticket.id, known, same, changes, about });
  if (result.kind !== 'accepted') return result;
  const { acceptance } = result;
  const accepted = { ...result, superseded: before.ended, earlier };
  if (acceptance.fresh === 0) return accepted;
  // A withdrawal marks the ticket before it looks for changes, so one of the two sees the other.
  if (await isWithdrawnSince(ports, from, snapshot, approval)) {
    return refuseWithdrawn(ports, from, acceptance.records, about);
  }
  const concurrent = await supersedeConcurrent(ports, from, ticket.id, approval);
  return { ...accepted, superseded: before.ended + concurrent };
}

/** Ends what a ticket leaves open that shows no approval for its present request, and answers why nothing is accepted. */
async function refuseUnborne(
  ports: TicketPorts,
  from: TicketSource,
  snapshot: TicketSnapshot,
  { verdict, known, mapped, about }: Unborne,
): Promise<ApprovedResult> {
  const isRead = snapshot.fromPayload === true || snapshot.ticket.history.kind === 'complete';
  if (isRead && verdict.approval !== undefined) await supersedeEarlier(ports, known, verdict.approval);
  const lapsed = await cancelLapsed(ports, from, snapshot, known);
  const isOpen = lapsed === undefined && known.some(({ state }) => state !== 'settled');
  if (verdict.code === 'no-approval' && isOpen) return NOT_SHOWN;
  // Edits after acceptance change nothing about the approved and accepted changes.
  const isCarriedOut = lapsed === undefined && stands(known, verdict.approval);
  if (verdict.code === 'approval-stale' && isCarriedOut) return EDITED_LATER;
  if (verdict.code === 'history-unknown' && isCarriedOut) return NOT_READ;
  // A correction of the fields needs a new approval anyway, and an unread ticket may hide its requester.
  if (mapped.kind === 'faults') return unacceptable(mapped.faults, about);
  const { code: reason, sentence, remedy } = verdict;
  return { kind: 'refused', reason, sentence, remedy, ...about };
}

type Unborne = {
  verdict: Extract<ApprovalVerdict, { kind: 'refused' }>;
  known: readonly ChangeRecord[];
  mapped: MappedTicket;
  about: About;
};

const unacceptable = (faults: MappingFault[], about: About): ApprovedResult => ({
  kind: 'unacceptable',
  answer: invalid(faults),
  faults,
  ...about,
});

async function refuseWithdrawn(
  ports: TicketPorts,
  { name }: TicketSource,
  records: readonly ChangeRecord[],
  about: About,
): Promise<ApprovedResult> {
  await cancelUnfinished(ports, records, { by: name, reason: WITHDRAWN.sentence });
  return { kind: 'refused', ...WITHDRAWN, ...about };
}

/** Supersedes every revision, also our own, that is earlier than one accepted meanwhile. */
async function supersedeConcurrent(ports: TicketPorts, { name }: TicketSource, ticketId: string, approval: Approval) {
  const records = await changesOfTicket(ports, name, ticketId);
  return (await supersedeEarlier(ports, records, latestApproval(records, approval))).ended;
}

/** Identifies the latest approval, so that a comment about it is written once, and again after the next approval. */
function occasionOf({ approvals }: TicketRecord): string {
  return keyPart(approvals.at(-1)?.ref ?? 'none');
}
