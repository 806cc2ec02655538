import { isBlank, parsePath, readPath } from '../mapping/table/field-path.ts';
import type { Condition, Gate } from './approval-schema.ts';

/** Why a ticket is left alone. Counted and logged by this name, never with what the ticket holds. */
export type IgnoredReason = 'no-ticket' | 'other-ticket' | 'own-event' | 'not-approved';

/**
 * Where a ticket stands by its own fields. `says`: which condition decided, in the configuration's words only, so that it
 * may be logged. `unclear`: nothing that is there speaks against it, but fields are missing that would say.
 */
export type TicketVerdict =
  | { kind: 'approved' | 'submitted' | 'unclear'; ticketId: string; says: string }
  | { kind: 'withdrawn'; ticketId: string; says: string }
  | { kind: 'ignored'; reason: 'not-approved'; ticketId: string; says: string }
  | { kind: 'ignored'; reason: Exclude<IgnoredReason, 'not-approved'>; says: string };

/**
 * Judges a delivery, or a ticket as it was read back: both have one shape. `integrationUser`: given for a delivery only,
 * since on a ticket that was read back our own comment may be the latest touch. An approval that is over weighs more than
 * one that stands, so a ticket whose fields say both is withdrawn.
 */
export function judgeTicket(gate: Gate, payload: unknown, integrationUser?: string): TicketVerdict {
  const ticketId = gate.ticket
    .map((field) => textsAt(payload, field)[0])
    .find((one) => one !== undefined && one !== '');
  if (ticketId === undefined || ticketId.length > MAX_TICKET_ID) {
    return { kind: 'ignored', reason: 'no-ticket', says: `"${gate.ticket.join('", "')}" names no ticket` };
  }
  if (isBy(gate, payload, integrationUser)) {
    return { kind: 'ignored', reason: 'own-event', says: `"${gate.actor}" is the integration user` };
  }
  const concerns = judgeAll(gate.concerns, payload);
  if (concerns.kind === 'no') return { kind: 'ignored', reason: 'other-ticket', says: `not ${concerns.says}` };
  const over = gate.withdrawn.find((one) => holds(one, payload));
  if (over !== undefined) return { kind: 'withdrawn', ticketId, says: wordOf(over) };
  const approved = judgeAll([...gate.concerns, ...gate.approved], payload);
  if (approved.kind === 'yes') return { kind: 'approved', ticketId, says: 'all of "gate.approved"' };
  const submitted = judgeAll([...gate.concerns, ...gate.submitted], payload);
  if (gate.submitted.length > 0 && submitted.kind === 'yes') {
    return { kind: 'submitted', ticketId, says: 'all of "gate.submitted"' };
  }
  if (approved.kind === 'unclear') return { kind: 'unclear', ticketId, says: `not ${approved.says}` };
  return { kind: 'ignored', reason: 'not-approved', ticketId, says: `not ${approved.says}` };
}

type Judged = { kind: 'yes' } | { kind: 'no' | 'unclear'; says: string };

/** `no`: a field that is there speaks against it. */
function judgeAll(conditions: readonly Condition[], payload: unknown): Judged {
  const lacking = conditions.filter((one) => !holds(one, payload));
  const against = lacking.find(({ field }) => valueAt(payload, field) !== undefined);
  if (against !== undefined) return { kind: 'no', says: wordOf(against) };
  const [missing] = lacking;
  return missing === undefined ? { kind: 'yes' } : { kind: 'unclear', says: wordOf(missing) };
}

const MAX_TICKET_ID = 200;

function isBy({ actor }: Gate, payload: unknown, user: string | undefined): boolean {
  if (actor === undefined || user === undefined) return false;
  return textsAt(payload, actor).some((one) => plain(one) === plain(user));
}

/** Do all of these hold? */
export function allHold(conditions: readonly Condition[], payload: unknown): boolean {
  return conditions.every((one) => holds(one, payload));
}

/** Of a list of values, one that fits is enough for `oneOf`, and one that fits is too much for `noneOf`. */
function holds(condition: Condition, payload: unknown): boolean {
  const found = valueAt(payload, condition.field);
  if (found === undefined) return false;
  if ('filled' in condition) return !isBlank(found);
  const texts = textsOf(found).map(plain);
  if ('oneOf' in condition) return condition.oneOf.some((one) => texts.includes(plain(one)));
  return !condition.noneOf.some((one) => texts.includes(plain(one)));
}

/** `"record.state" one of -2, -1`. */
function wordOf(condition: Condition): string {
  if ('filled' in condition) return `"${condition.field}" filled in`;
  if ('oneOf' in condition) return `"${condition.field}" one of ${condition.oneOf.join(', ')}`;
  return `"${condition.field}" none of ${condition.noneOf.join(', ')}`;
}

function valueAt(payload: unknown, field: string): unknown {
  const path = parsePath(field);
  return path === undefined ? undefined : readPath(payload, path.parts);
}

/** What stands at a path as text: one entry, or those of a list. */
export function textsAt(payload: unknown, field: string): string[] {
  return textsOf(valueAt(payload, field));
}

/** Texts, numbers and yes or no; an object is no value. Null is a field that is there and empty. */
function textsOf(found: unknown): string[] {
  if (Array.isArray(found)) return found.flatMap((one: unknown) => (Array.isArray(one) ? [] : textsOf(one)));
  if (typeof found === 'string') return [found.trim()];
  if (typeof found === 'number' || typeof found === 'boolean') return [String(found)];
  return found === null ? [''] : [];
}

const plain = (text: string) => text.normalize('NFC').trim().toLowerCase();
