import { createHash } from 'node:crypto';
import { type ChangeRef, refKey } from '../lane/change-ref.ts';
import type { AuditLine } from './audit-line.ts';

/** Key prefixes: outcomes are written by the function `audit` alone, acts by the people who act. */
export const OUTCOMES_BEGIN = 'outcomes/';
export const ACTS_BEGIN = 'acts/';

/** The calendar day in UTC, as it stands in a key: `2026-11-29`. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The longest readable part of a key; S3 allows 1,024 bytes for all of it. */
const MOST_CHARACTERS = 120;

/** Only characters that every tool takes in a key as they are, and no period first, which would make `..` a relative path. */
const safe = (text: string) => text.replace(/^\.|[^A-Za-z0-9._@-]/g, '_').slice(0, MOST_CHARACTERS);

/** The time of day in UTC, as it stands in a key: `081412.345Z`. */
const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11).replaceAll(':', '');

type OutcomePlace = { ref: ChangeRef; ticket: { id: string }; generation: number; at: number };

/**
 * The key of an outcome, the same whenever it is computed from the ledger's record: day, lane, ticket, change, generation and time.
 * The names are for people; the hash of source, tenant and key keeps two changes apart whose names look alike, and the time two
 * outcomes of one generation, which there are if the ledger is restored and carries a change out again.
 */
export function outcomeKey({ ref, ticket, generation, at }: OutcomePlace): string {
  const hash = createHash('sha256').update(refKey(ref)).digest('hex').slice(0, 16);
  const change = `${safe(ref.idempotencyKey)}~${hash}~${generation}~${timeOf(at)}.json`;
  return `${OUTCOMES_BEGIN}${dayOf(at)}/${safe(ref.lane)}/${ticketPart(ticket.id)}/${change}`;
}

const ticketPart = (id: string) => safe(id);

/** True if a key may belong to a ticket; the line says whether it does. Keys of acts name none. */
export const mayBeOfTicket = (key: string, ticket: string): boolean => key.split('/')[3] === ticketPart(ticket);

/** The key of one line of an act. */
export const actKey = (line: { at: string; id: string; phase: string }): string =>
  `${ACTS_BEGIN}${line.at.slice(0, 10)}/${line.at.replaceAll(':', '')}~${line.id}~${line.phase}.json`;

/** The key that a line has to have. */
export function keyOfLine(line: AuditLine): string {
  return line.kind === 'act' ? actKey(line) : outcomeKey({ ...line, at: Date.parse(line.at) });
}
