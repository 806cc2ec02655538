import { actionOf, buildLine, type MappedLine, type ReadRow } from './build-line.ts';
import { type FaultPlace, type MappingFault, mappingFault } from './mapping-fault.ts';
import type { NamedPath, ResolvedRow, ResolvedTable } from './resolve-preset.ts';
import { hasChoiceBelow, isBlank, readPath } from './table/field-path.ts';
import { TICKET_TARGETS } from './table/targets.ts';
import { isLine, transformAll } from './transforms.ts';

/** Upper bound of changes in one ticket; a delivery has the same bound. */
export const MAX_LINES = 100;

/** The values that a mapping reads from one payload, not yet checked against the contract. */
export type Reading = {
  /** '' if it is not filled in, which then is one of the faults. */
  ticket: string;
  requestedBy: string | undefined;
  onReject: 'stop' | 'continue';
  lines: MappedLine[];
  faults: MappingFault[];
  mapped: Map<string, unknown>;
};

/** Reads any payload by a table. It never throws and does not modify the payload. */
export function mapByTable(table: ResolvedTable, payload: unknown, source: string): Reading {
  const reader = new TableReader(table, payload, source);
  const ofTicket = table.rows.filter((row) => TICKET_TARGETS.has(row.to)).map((row) => reader.read(row, undefined));
  const lines = reader.lines(table).map((line) => readLine(reader, table, line));
  const ticket = firstText(ofTicket, 'ticket');
  if (ticket === undefined) reader.addMissingTicket(table);
  return {
    ticket: ticket ?? '',
    requestedBy: firstText(ofTicket, 'requestedBy'),
    onReject: table.onReject,
    lines,
    faults: reader.faults,
    mapped: reader.mapped,
  };
}

/** A list or an object has no text: it is neither a ticket number nor a person's name. */
function firstText(rows: readonly ReadRow[], target: string): string | undefined {
  const values = rows.filter(({ row }) => row.to === target).map(({ value }) => value);
  const value = values.find((one) => typeof one === 'string' || typeof one === 'number');
  return value === undefined ? undefined : String(value);
}

/** One entry of the ticket's list; `value` undefined: the ticket is one change, and no row reads a line. */
type Line = { number: number; path: string; value: unknown };

/** Reads the action first, because it decides which rows count. */
function readLine(reader: TableReader, table: ResolvedTable, line: Line): MappedLine {
  const rows = table.rows.filter((row) => !TICKET_TARGETS.has(row.to));
  const [leading, others] = [rows.filter(leads), rows.filter((row) => !leads(row))];
  const read = leading.map((row) => reader.read(row, line));
  const action = actionOf(read);
  const counts = (row: ResolvedRow) => row.only === undefined || row.only.some((one) => one === action);
  return buildLine(line.number, line.path, [...read, ...others.filter(counts).map((row) => reader.read(row, line))]);
}

const leads = ({ to }: ResolvedRow) => to === 'action' || to === 'change';

/** `unread`: the path of a choice below the found one that no row reads. */
type Found = { found: unknown; text: string; ofTicket: boolean; unread?: string };

/** Reads rows of one payload and collects the values and faults. */
class TableReader {
  readonly faults: MappingFault[] = [];
  readonly mapped = new Map<string, unknown>();
  /** Values that rows read outside of lines, cached because they are the same for every line. */
  readonly #ofTicket = new Map<string, ReadRow>();
  readonly #payload: unknown;
  readonly #source: string;
  readonly #paths: readonly string[];

  constructor(table: ResolvedTable, payload: unknown, source: string) {
    this.#payload = payload;
    this.#source = source;
    this.#paths = table.rows.flatMap(({ from }) => from.map(({ text }) => text));
  }

  /** The entries of the ticket's list, or one line for the ticket as a whole. */
  lines(table: ResolvedTable): Line[] {
    const single = { number: 1, path: '', value: undefined };
    if (table.each === undefined) return [single];
    const { found, text, unread } = this.#firstFilled(table.each.from, undefined);
    if (isBlank(found)) return [single];
    const place = this.#place('each', text);
    if (unread !== undefined) return this.#addFault(place, choiceBelow(found, unread));
    const read = transformAll(found, table.each.transform);
    if (!read.ok) return this.#addFault(place, read);
    const entries = (Array.isArray(read.value) ? read.value : [read.value]).filter((one) => !isBlank(one));
    const listed = Array.isArray(read.value);
    const lines = entries.map((value, index) => ({
      number: index + 1,
      path: listed ? `${text}[${index}]` : text,
      value,
    }));
    const invalid = lines.find((line) => !isLine(line.value));
    if (invalid !== undefined) {
      const remedy = 'Let "each" read a list of objects or of texts.';
      return this.#addFault(
        { ...place, path: invalid.path },
        { value: invalid.value, says: 'is not one change', remedy },
      );
    }
    if (lines.length > MAX_LINES) {
      const says = `holds ${lines.length} changes, more than the ${MAX_LINES} of one ticket`;
      return this.#addFault(place, { says, remedy: 'Split it into several tickets.' });
    }
    return lines.length === 0 ? [single] : lines;
  }

  read(row: ResolvedRow, line: Line | undefined): ReadRow {
    if (row.value !== undefined) return { row, path: '', value: row.value };
    const { ofTicket, ...found } = this.#firstFilled(row.from, line);
    if (!ofTicket) return this.#transform(row, found);
    const cached = this.#ofTicket.get(row.name) ?? this.#transform(row, found);
    this.#ofTicket.set(row.name, cached);
    return cached;
  }

  #transform(row: ResolvedRow, { text: path, found, unread }: Omit<Found, 'ofTicket'>): ReadRow {
    if (isBlank(found)) return this.#blank(row, path);
    const read = unread === undefined ? transformAll(found, row.transform ?? []) : choiceBelow(found, unread);
    if (!read.ok) {
      this.#addFault(this.#place(row.name, path), read);
      return { row, path, value: undefined };
    }
    // A blank result of a lookup is intended: a description is emptied that way.
    const isIntended = row.transform?.some((one) => typeof one === 'object' && 'lookup' in one) ?? false;
    return !isIntended && isBlank(read.value) ? this.#blank(row, path) : { row, path, value: read.value };
  }

  #blank(row: ResolvedRow, path: string): ReadRow {
    if (row.default !== undefined) return { row, path, value: row.default };
    if (row.required !== true) return { row, path, value: undefined };
    this.#addFault(this.#place(row.name, path), {
      says: 'is not filled in',
      remedy: `Fill in ${path} on the ticket, or give the row a default.`,
    });
    return { row, path, value: undefined };
  }

  addMissingTicket(table: ResolvedTable): void {
    const row = table.rows.find((one) => one.to === 'ticket');
    const path = row?.from[0]?.text ?? '';
    this.#addFault(this.#place(row?.name ?? '', path), {
      says: 'is not filled in, and it names the ticket',
      remedy: `Let the payload hold ${path === '' ? 'it' : path}, or let the row read another field.`,
    });
  }

  /**
   * The first path with a filled-in value, and whether the value belongs to the ticket rather than to a line. Without
   * one it returns the path to name in a fault.
   */
  #firstFilled(paths: readonly NamedPath[], line: Line | undefined): Found {
    for (const { text, path } of paths) {
      const ofTicket = path.from === 'payload';
      if (!ofTicket && line?.value === undefined) continue;
      const from = ofTicket ? this.#payload : line?.value;
      const found = readPath(from, path.parts);
      if (ofTicket && found !== undefined) this.mapped.set(text, found);
      if (isBlank(found)) continue;
      const below = `${text.replace(/\.value$/, '')}.child`;
      const isUnread = hasChoiceBelow(from, path.parts) && !this.#paths.some((one) => one.startsWith(below));
      const unread = isUnread ? { unread: `${inLine(below, line)}.value` } : {};
      return { found, text: inLine(text, line), ofTicket, ...unread };
    }
    const named = paths.find(({ path }) => path.from === 'payload' || line?.value !== undefined) ?? paths[0];
    return { found: undefined, text: inLine(named?.text ?? '', line), ofTicket: false };
  }

  #place(row: string, path: string): FaultPlace {
    return { source: this.#source, row, path };
  }

  #addFault(place: FaultPlace, fault: { value?: unknown; says: string; remedy: string }): [] {
    this.faults.push(mappingFault(place, fault));
    return [];
  }
}

/** A part of the request would be lost with what is not read of it. */
const choiceBelow = (value: unknown, unread: string) => ({
  ok: false as const,
  value,
  says: 'holds a choice below it, which no row reads',
  remedy: `Let a row read ${unread}.`,
});

/** `$line.group` of the third line of `variables.changes` → `variables.changes[2].group`. */
function inLine(text: string, line: Line | undefined): string {
  return line === undefined || line.path === '' ? text : text.replace(/^\$line/, () => line.path);
}
