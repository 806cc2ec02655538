import {
  type AcceptRequest,
  type ChangeRequest,
  membershipOf,
  newGroupFields,
  type Reference,
} from '../../../shared/domain/change/change.ts';
import { effectiveAction, mayUpdate } from '../../../shared/domain/change/if-exists.ts';
import { acceptedMembers, stateOf } from '../../../shared/domain/change/stated-members.ts';
import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import { refKey } from '../../../shared/domain/lane/change-ref.ts';
import type { Outcome } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import type { ChangeView, Phase } from './snapshot.ts';

/**
 * A change of the ledger as the page and the table show it. `lane` names the changes that a worker works at present.
 */
export function toChangeView(record: ChangeRecord, lane: LaneRecord | undefined, statusUrl: string): ChangeView {
  const { change, ticket, outcome } = record;
  const rejection = outcome?.kind === 'rejected' ? outcome : undefined;
  return {
    ref: record.ref,
    sequence: record.sequence,
    generation: record.generation,
    action: effectiveAction(change, effectOf(outcome)),
    group: groupName(change.group, outcome),
    asks: describeRequest(change),
    ticket: { id: ticket.id, url: ticket.url, system: ticket.system },
    phase: phaseOf(record, lane),
    acceptedAt: record.acceptedAt,
    settledAt: outcome?.at,
    attempts: outcome?.attempts ?? record.attempts,
    outcome: outcome?.kind,
    code: rejection?.code,
    why: explain(outcome),
    remedy: rejection?.remedy ?? '',
    zpaError: rejection?.zpaError === undefined ? '' : quoteZpa(rejection.zpaError),
    owes: [...record.pending],
    failed: record.failed,
    statusUrl,
  };
}

function phaseOf(record: ChangeRecord, lane: LaneRecord | undefined): Phase {
  if (record.state === 'settled') return 'settled';
  const intents = [...(lane?.answered ?? []), ...(lane?.intent === undefined ? [] : [lane.intent])];
  const inHand = [...(lane?.working?.members ?? []), ...intents.flatMap((intent) => intent.members)];
  return inHand.some((member) => refKey(member.ref) === refKey(record.ref)) ? 'working' : record.state;
}

const effectOf = (outcome: Outcome | undefined) =>
  outcome !== undefined && 'effect' in outcome ? outcome.effect : undefined;

/** The group as requested; of a group requested by its id, the name in the outcome. */
function groupName(reference: Reference, outcome: Outcome | undefined): string {
  const effect = effectOf(outcome);
  return 'name' in reference ? reference.name : ((effect?.before ?? effect?.after)?.name ?? reference.id);
}

function showReference(reference: Reference): string {
  return 'id' in reference ? reference.id : reference.name;
}

/** `enabled, 3 applications`: what the change asks for besides its group, in a line. */
function describeRequest(change: ChangeRequest): string {
  const words = change.action === 'create' ? describeCreate(change) : [];
  if (change.action === 'update') words.push(...describeUpdate(change));
  if (change.action === 'accept') words.push(...describeAccepted(change));
  return words.join(', ');
}

function describeCreate(change: Extract<ChangeRequest, { action: 'create' }>): string[] {
  const { description, enabled } = mayUpdate(change) ? change : newGroupFields(change);
  const words = enabled === undefined ? [] : [enabled ? 'enabled' : 'disabled'];
  if (change.applications.length > 0) words.push(countOf(change.applications));
  if (description) words.push(`“${description}”`);
  if (mayUpdate(change)) words.push('or update what exists');
  return words;
}

function describeUpdate(change: Extract<ChangeRequest, { action: 'update' }>): string[] {
  const words: string[] = [];
  const { name, description, enabled } = change.set ?? {};
  if (name !== undefined) words.push(`name “${name}”`);
  if (description !== undefined) words.push(`description “${description}”`);
  if (enabled !== undefined) words.push(enabled ? 'enable' : 'disable');
  const membership = membershipOf(change);
  if (membership === undefined) return words;
  if (membership.replace !== undefined) words.push(`exactly ${countOf(membership.replace)}`);
  if (membership.add.length > 0) words.push(`add ${countOf(membership.add)}`);
  if (membership.remove.length > 0) words.push(`remove ${countOf(membership.remove)}`);
  return words;
}

function describeAccepted(change: AcceptRequest): string[] {
  const { applications: _, ...fields } = stateOf(change) ?? { absent: true };
  const { has, hasNot, exactly } = acceptedMembers(change);
  return [
    ...Object.keys(fields),
    ...(exactly === undefined ? [] : [`exactly ${exactly.length} application segments`]),
    ...(has.length + hasNot.length === 0 ? [] : [`${has.length + hasNot.length} memberships`]),
  ];
}

function countOf(references: readonly Reference[]): string {
  const [first] = references;
  if (references.length === 1 && first !== undefined) return showReference(first);
  return `${references.length} application segments`;
}

function explain(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '';
  if (outcome.kind === 'rejected') return outcome.sentence;
  if (outcome.kind === 'cancelled' || outcome.kind === 'superseded') return `${outcome.reason} (${outcome.by})`;
  if (outcome.kind === 'applied' && outcome.overtaken.length > 0)
    return `Another edit has since changed ${outcome.overtaken.map((difference) => difference.field).join(', ')}.`;
  return '';
}

function quoteZpa(fault: ZpaFault): string {
  const words = [fault.status, fault.zpaId, fault.reason].filter((word) => word !== undefined);
  return words.length > 0 ? words.join(' · ') : fault.code;
}
