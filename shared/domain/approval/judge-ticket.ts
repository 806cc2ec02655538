import { isBlank, readField } from '../mapping/table/field-path.ts';
import { comparableChoice } from '../text/same-text.ts';
import type { Condition, Gate } from './approval-schema.ts';
import { isSamePerson } from './people.ts';

/**
 * A ticket's state by its own fields. `says`: the condition that decided, in the configuration's words only, so that it
 * may be logged. `reason`: the name that metrics and logs use. `unclear`: no present field contradicts the condition, but
 * fields that it needs are missing.
 */
export type TicketVerdict =
  | { kind: 'approved' | 'submitted' | 'unclear'; ticketId: string; says: string }
  | { kind: 'withdrawn'; ticketId: string; says: string }
  | { kind: 'ignored'; reason: 'not-approved' | 'other-ticket'; ticketId: string; says: string }
  | { kind: 'ignored'; reason: 'no-ticket' | 'own-event'; says: string };

/**
 * Judges a delivery, or a ticket that was read back: both have the same shape. `integrationUser` is given for a
 * delivery only, because on a ticket that was read back this product's own comment may be the latest edit. A withdrawn
 * approval outweighs a present one, so a ticket whose fields state both is withdrawn.
 */
export function judgeTicket(gate: Gate, payload: unknown, integrationUser?: string): TicketVerdict {
  const ticketId = gate.ticket
    .map((field) => textsAt(payload, field)[0])
    .find((one) => one !== undefined && one !== '');
  if (ticketId === undefined || ticketId.length > MAX_TICKET_ID_LENGTH) {
    return { kind: 'ignored', reason: 'no-ticket', says: `"${gate.ticket.join('", "')}" names no ticket` };
  }
  if (isOwnEvent(gate, payload, integrationUser)) {
    return { kind: 'ignored', reason: 'own-event', says: `"${gate.actor}" is the integration user` };
  }
  const concerns = judgeAll(gate.concerns, payload);
  if (concerns.kind === 'unmet') {
    return { kind: 'ignored', reason: 'other-ticket', ticketId, says: `not ${concerns.says}` };
  }
  const withdrawn = gate.withdrawn.find((one) => holds(one, payload));
  if (withdrawn !== undefined) return { kind: 'withdrawn', ticketId, says: describeCondition(withdrawn) };
  const approved = judgeAll([...gate.concerns, ...gate.approved], payload);
  if (approved.kind === 'met') return { kind: 'approved', ticketId, says: 'all of "gate.approved"' };
  const submitted = judgeAll([...gate.concerns, ...gate.submitted], payload);
  if (gate.submitted.length > 0 && submitted.kind === 'met') {
    return { kind: 'submitted', ticketId, says: 'all of "gate.submitted"' };
  }
  if (approved.kind === 'unclear') return { kind: 'unclear', ticketId, says: `not ${approved.says}` };
  return { kind: 'ignored', reason: 'not-approved', ticketId, says: `not ${approved.says}` };
}

type Judged = { kind: 'met' } | { kind: 'unmet' | 'unclear'; says: string };

/** `unmet`: a present field contradicts a condition. `unclear`: only missing fields do. */
function judgeAll(conditions: readonly Condition[], payload: unknown): Judged {
  const lacking = conditions.filter((one) => !holds(one, payload));
  const against = lacking.find(({ field }) => readField(payload, field) !== undefined);
  if (against !== undefined) return { kind: 'unmet', says: describeCondition(against) };
  const [missing] = lacking;
  return missing === undefined ? { kind: 'met' } : { kind: 'unclear', says: describeCondition(missing) };
}

const MAX_TICKET_ID_LENGTH = 200;

function isOwnEvent({ actor }: Gate, payload: unknown, user: string | undefined): boolean {
  if (actor === undefined || user === undefined) return false;
  return textsAt(payload, actor).some((one) => isSamePerson(one, user));
}

/** True if all of these conditions hold for the payload. */
export function allHold(conditions: readonly Condition[], payload: unknown): boolean {
  return conditions.every((one) => holds(one, payload));
}

/** True if the field of this payload fulfils the condition. */
export function holds(condition: Condition, payload: unknown): boolean {
  const found = readField(payload, condition.field);
  if (found === undefined || isTooLong(found)) return false;
  return 'filled' in condition ? !isBlank(found) : fulfils(textsOf(found), condition);
}

/** A list with more entries than any choice of a ticket has is no value that a gate compares. */
export const isTooLong = (found: unknown) => Array.isArray(found) && found.length > MOST_VALUES;
const MOST_VALUES = 1000;

/** True if these values of a field fulfil a condition. One match in a list fulfils `oneOf` and fails `noneOf`. */
export function fulfils(values: readonly string[], condition: Condition): boolean {
  if ('filled' in condition) return values.some((one) => !isBlank(one));
  const texts = new Set(values.map(comparableChoice));
  if ('oneOf' in condition) return condition.oneOf.some((one) => texts.has(comparableChoice(one)));
  return !condition.noneOf.some((one) => texts.has(comparableChoice(one)));
}

/** `"record.state" one of -2, -1`. */
function describeCondition(condition: Condition): string {
  if ('filled' in condition) return `"${condition.field}" filled in`;
  if ('oneOf' in condition) return `"${condition.field}" one of ${condition.oneOf.join(', ')}`;
  return `"${condition.field}" none of ${condition.noneOf.join(', ')}`;
}

/** The values at a path as texts: one entry, or the entries of a list; none of a list that is too long to compare. */
export function textsAt(payload: unknown, field: string): string[] {
  const found = readField(payload, field);
  return isTooLong(found) ? [] : textsOf(found);
}

/** Texts, numbers and booleans as text; an object has no text. Null is a present, empty field. */
function textsOf(found: unknown): string[] {
  if (Array.isArray(found)) return found.flatMap((one: unknown) => (Array.isArray(one) ? [] : textsOf(one)));
  if (typeof found === 'string') return [found.trim()];
  if (typeof found === 'number' || typeof found === 'boolean') return [String(found)];
  return found === null ? [''] : [];
}
