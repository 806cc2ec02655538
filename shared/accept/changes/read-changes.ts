import type { ChangeRequest, Ticket } from '../../domain/change/change.ts';
import { type ChangeFault, changeFault, prefixFault } from '../../domain/change/change-fault.ts';
import { fingerprint } from '../../domain/change/fingerprint.ts';
import { parseChange } from '../../domain/change/parse-change.ts';
import type { Configuration, SourceConfiguration } from '../../domain/configuration/configuration.ts';
import { checkGrants } from '../../domain/configuration/grants.ts';
import { configurationFaults, lookup } from '../../domain/configuration/lookup.ts';
import { type HttpAnswer, type ProblemCode, problem } from '../../domain/http/http-problem.ts';
import { type ChangeRef, laneName } from '../../domain/lane/change-ref.ts';
import type { PlanBinding } from '../../domain/plan/plan-binding.ts';
import { formatCount } from '../../domain/text/sentence.ts';
import { setTicket } from './set-ticket.ts';

/** The most changes in one delivery. */
const MAX_CHANGES = 100;
/** The most faults listed in one answer. With more of them, the rest of the delivery is not read. */
const MAX_ERRORS = 100;

/** A valid and permitted change of a delivery. `grant`: index of the source's grant that covers it. */
export type RequestedChange = {
  ref: ChangeRef;
  /** Without its ticket. */
  change: ChangeRequest;
  ticket: Ticket;
  fingerprint: string;
  grant: number;
  /** The plan that the approver saw, if one was made. */
  plan?: PlanBinding;
};

/** A change without its fingerprint, which takes as long as everything else about a delivery that is refused. */
export type UnprintedChange = Omit<RequestedChange, 'fingerprint'>;
export const withFingerprint = (one: UnprintedChange): RequestedChange => ({
  ...one,
  fingerprint: fingerprint(one.change),
});

/**
 * A refused delivery. `readable`: all its changes, if it is refused by the configuration alone, whose edit may have come after
 * they were accepted.
 */
export type RefusedChanges = { refusal: HttpAnswer; faults: ChangeFault[]; readable: UnprintedChange[] };

/** Reads the changes of a verified delivery, in its order; or, if any of them has a fault, answers the faults. */
export function readChanges(
  configuration: Configuration,
  name: string,
  source: SourceConfiguration,
  value: unknown,
): { changes: RequestedChange[] } | RefusedChanges {
  const listed = listOf(value);
  if (!Array.isArray(listed)) return { refusal: invalid([listed]), faults: [listed], readable: [] };
  const changes: UnprintedChange[] = [];
  const faults: ChangeFault[] = [];
  const left = { faults: 0, changes: listed.length };
  for (const { raw, path } of listed) {
    // As long as all of it can be read, it may have been accepted before the configuration was edited.
    if (faults.length >= MAX_ERRORS && changes.length < listed.length - left.changes) break;
    left.changes -= 1;
    const result = readChange(configuration, name, source, raw, path);
    if (result.requested !== undefined) changes.push(result.requested);
    faults.push(...result.faults);
    left.faults += result.left ?? 0;
  }
  if (faults.length === 0) return { changes: changes.map(withFingerprint) };
  return { refusal: invalid(faults, left), faults, readable: changes.length === listed.length ? changes : [] };
}

type Listed = { raw: unknown; path: string };

/** One change, or `{"changes": […]}`. */
function listOf(value: unknown): Listed[] | ChangeFault {
  if (value === null || typeof value !== 'object' || !('changes' in value)) return [{ raw: value, path: '' }];
  const { changes, ...others } = value;
  const extra = Object.keys(others)[0];
  const fault = (path: string, says: string, remedy: string) =>
    changeFault('invalid-change', { path: [path], says, remedy });
  if (extra !== undefined) {
    return fault(extra, 'stands beside "changes"', 'Send one change, or an object with "changes" alone.');
  }
  if (!Array.isArray(changes) || changes.length === 0 || changes.length > MAX_CHANGES) {
    return fault('changes', `must be a list of 1 to ${MAX_CHANGES} changes`, 'Split larger lists into deliveries.');
  }
  return changes.map((raw: unknown, index) => ({ raw, path: `changes[${index}]` }));
}

function readChange(
  configuration: Configuration,
  name: string,
  source: SourceConfiguration,
  raw: unknown,
  path: string,
): { requested?: UnprintedChange; faults: ChangeFault[]; left?: number } {
  const parsed = parseChange(setTicket(raw, source));
  if (!parsed.ok) return { faults: parsed.faults.map((fault) => prefixFault(path, fault)), left: parsed.left };
  const { ticket, ...change } = parsed.change;
  const tenant = lookup(configuration.tenants, change.tenant);
  const unconfigured = configurationFaults(configuration, source, change).map((fault) => prefixFault(path, fault));
  if (tenant === undefined) return { faults: unconfigured };
  if (ticket === undefined) throw new Error('a change passed without ticket');
  const permission = checkGrants(source, change);
  const ref = { lane: laneName(tenant), source: name, tenant: change.tenant, idempotencyKey: change.idempotencyKey };
  const grant = permission.ok ? permission.grant : 0;
  const requested = { ref, change, ticket, grant };
  if (unconfigured.length > 0) return { requested, faults: unconfigured };
  if (permission.ok) return { requested, faults: [] };
  const { sentence, remedy } = permission;
  return { requested, faults: [{ code: 'not-permitted', path, sentence, remedy }] };
}

/**
 * Builds one answer for all faults; its code is that of the fault to correct first. `left`: faults that were counted and
 * not described, and changes that were not read, so that a refusal costs little.
 */
export function invalid(faults: readonly ChangeFault[], left = { faults: 0, changes: 0 }): HttpAnswer {
  const order: ProblemCode[] = ['invalid-change', 'not-permitted'];
  const code = order.find((one) => faults.some((fault) => fault.code === one)) ?? 'invalid-change';
  const errors = faults.slice(0, MAX_ERRORS);
  const total = faults.length + left.faults;
  const count = total === 1 ? 'One fault' : `${left.changes > 0 ? 'At least ' : ''}${total} faults`;
  const cut = errors.length < total ? ` The first ${errors.length} are listed.` : '';
  const unread = left.changes > 0 ? ` Not read: ${formatCount(left.changes, 'more change')}.` : '';
  return problem(code, { detail: `${count}; no change of this delivery was accepted.${cut}${unread}`, errors });
}
