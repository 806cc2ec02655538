import type { ChangeFault } from '../change/change-fault.ts';
import { parseChange } from '../change/parse-change.ts';
import type { MappedLine, ReadRow } from './build-line.ts';
import type { Reading } from './map-by-table.ts';
import type { MappedTicket } from './mapped-ticket.ts';
import { type MappingFault, mappingFault } from './mapping-fault.ts';

/** Upper bound of faults in one answer. */
const MAX_FAULTS = 100;

/**
 * A ticket's number becomes the beginning of keys and a part of addresses, so it excludes the separators of keys (`/`,
 * `@`).
 */
const TICKET = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Checks the values that were read against the contract. A fault of the contract names the row and field that supplied
 * the value.
 */
export function checkContract(reading: Reading, source: string): MappedTicket {
  const faults = [...reading.faults, ...ticketFaults(reading, source)];
  const changes = reading.lines.map((line) => withKey(reading, line));
  reading.lines.forEach((line, index) => {
    faults.push(...misplaced(line, source), ...contradictions(line, source));
    const parsed = parseChange({ ...changes[index], ticket: { ...ticketOf(reading), system: source } });
    if (!parsed.ok) faults.push(...parsed.faults.map((fault) => placedFault(line, fault, source)));
  });
  const distinct = withoutRepeats(faults);
  if (distinct.length > 0) return { kind: 'faults', faults: distinct.slice(0, MAX_FAULTS) };
  return { kind: 'mapped', changes, ticket: ticketOf(reading), mapped: reading.mapped };
}

function ticketFaults({ ticket }: Reading, source: string): MappingFault[] {
  if (ticket === '' || TICKET.test(ticket)) return [];
  const says = 'is not a ticket number: letters, digits, periods, hyphens and underscores, at most 100';
  const remedy = 'Let the row to "ticket" read the number people know, such as CHG0031337 or ZPA-42.';
  return [mappingFault({ source, row: 'ticket', path: '' }, { value: ticket, says, remedy })];
}

const ticketOf = ({ ticket, requestedBy }: Reading) => ({
  id: ticket,
  ...(requestedBy === undefined ? {} : { requestedBy }),
});

/** Adds the fields that the ticket as a whole gives each of its changes. */
function withKey(reading: Reading, { raw, number }: MappedLine): Record<string, unknown> {
  const { ticket, lines, onReject } = reading;
  const set = { id: ticket, index: number, size: lines.length, onReject };
  return {
    ...raw,
    idempotencyKey: raw.idempotencyKey ?? `${ticket}/${number}`,
    ...(lines.length > 1 ? { changeSet: raw.changeSet ?? set } : {}),
    ticket: ticketOf(reading),
  };
}

function misplaced({ misplaced: rows, raw }: MappedLine, source: string): MappingFault[] {
  return rows.map(({ row, path, value }) => {
    const says = `has no place in a change with action "${String(raw.action)}", as "${row.to}"`;
    const remedy = 'Leave the field blank for this action, or state with "only" for which actions the row counts.';
    return mappingFault({ source, row: row.name, path }, { value, says, remedy });
  });
}

function contradictions({ contradicting }: MappedLine, source: string): MappingFault[] {
  return contradicting.map(({ row: { row, path, value }, earlier }) => {
    const says = `says something else than row "${earlier.row.name}"`;
    const remedy = `Make ${earlier.path || 'the mapping'} and ${path || 'the mapping'} say the same, or leave one blank.`;
    return mappingFault({ source, row: row.name, path }, { value, says, remedy });
  });
}

/** Attributes a fault of the contract to the row and field that supplied the value. */
function placedFault(line: MappedLine, fault: ChangeFault, source: string): MappingFault {
  const { code, path, sentence, remedy, value: shown } = fault;
  const says = asPart(sentence);
  const owner = ownerOf(line, path);
  if (owner !== undefined) {
    const place = { source, row: owner.row.name, path: owner.path };
    if (owner.value !== undefined) return mappingFault(place, { code, shown, says, remedy });
    const mend = `Fill in ${owner.path} on the ticket, or give row "${owner.row.name}" a default.`;
    return mappingFault(place, { code, says: 'is not filled in, and a change needs it', remedy: mend });
  }
  if (line.changeOrigin !== undefined) {
    const { row, path: root } = line.changeOrigin;
    const field = path === '' || path.startsWith('[') || root === '' ? `${root}${path}` : `${root}.${path}`;
    return mappingFault({ source, row, path: field }, { code, shown, says, remedy });
  }
  return mappingFault({ source, row: '', path: line.path }, { code, says, remedy });
}

/** `"group.name" must …` → `, as "group.name", must …`, to follow a field and its value. */
function asPart(sentence: string): string {
  const clause = sentence.replace(/\.$/, '');
  const named = /^"[^"]+"(?= )/.exec(clause)?.[0];
  return named === undefined ? `: ${clause}` : `, as ${named},${clause.slice(named.length)}`;
}

/** The row that filled in, or would have filled in, a path of the contract. */
function ownerOf(line: MappedLine, path: string): ReadRow | undefined {
  const isIn = (outer: string, inner: string) =>
    inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  const rows = [...line.rows].filter(([place]) => isIn(place, path));
  const [exact] = rows.sort(([a], [b]) => b.length - a.length);
  if (exact !== undefined) return exact[1];
  if (path === '') return undefined;
  return [...line.rows].find(([place, { value }]) => isIn(path, place) && value !== undefined)?.[1];
}

/**
 * Keeps the first fault of each row and field: a row with a fault fills nothing in, which is no second fault, and many
 * lines may share one field.
 */
function withoutRepeats(faults: readonly MappingFault[]): MappingFault[] {
  const places = new Set<string>();
  return faults.filter((fault) => {
    const place = JSON.stringify([fault.row, fault.path, fault.row === '' ? fault.sentence : '']);
    if (places.has(place)) return false;
    places.add(place);
    return true;
  });
}
