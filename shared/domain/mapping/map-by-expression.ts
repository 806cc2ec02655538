import { MAX_LINES, type Reading } from './map-by-table.ts';
import { type MappingFault, mappingFault } from './mapping-fault.ts';
import { isRecord, readField } from './table/field-path.ts';
import type { ExpressionMapping } from './table/table-schema.ts';

/** The result of an expression, or its fault: a sentence that quotes nothing of the payload. */
export type EvaluationResult = { ok: true; value: unknown } | { ok: false; says: string; remedy: string };

/** Evaluates an expression over a payload, bounded in time and output. Never rejects. */
export type Evaluate = (expression: string, payload: unknown) => Promise<EvaluationResult>;

/** The row name in faults of an expression. */
const ROW = 'jsonata';

/** Reads a payload by an expression that returns `{"ticket", "requestedBy", "changes": […]}`. Never rejects. */
export async function mapByExpression(
  { jsonata, reads }: ExpressionMapping,
  payload: unknown,
  { source, evaluate }: { source: string; evaluate?: Evaluate | undefined },
): Promise<Reading> {
  const answer = (await evaluate?.(jsonata, payload)) ?? UNAVAILABLE;
  const mapped = new Map(pathsOf(reads).map((path) => [path, readField(payload, path)]));
  const empty = { ticket: '', requestedBy: undefined, onReject: 'continue' as const, lines: [], mapped };
  const fault = (path: string, parts: { value?: unknown; says: string; remedy: string }): Reading => ({
    ...empty,
    faults: [mappingFault({ source, row: ROW, path }, parts)],
  });
  if (!answer.ok) return fault('', answer);
  const { value } = answer;
  if (!isRecord(value)) return fault('', { value, says: 'answered no object', remedy: SHAPE });
  const changes = listOf(ownField(value, 'changes'));
  const invalid = changes.findIndex((one) => !isRecord(one));
  if (invalid >= 0)
    return fault(`changes[${invalid}]`, { value: changes[invalid], says: 'is no change', remedy: SHAPE });
  if (changes.length === 0) return fault('changes', { says: 'holds no change', remedy: SHAPE });
  if (changes.length > MAX_LINES) {
    return fault('changes', { says: `holds more than ${MAX_LINES} changes`, remedy: 'Split it into several tickets.' });
  }
  const faults: MappingFault[] = [];
  const ticket = textOf(ownField(value, 'ticket'));
  if (ticket === undefined) faults.push(...fault('ticket', { says: 'is not filled in', remedy: SHAPE }).faults);
  return {
    ...empty,
    ticket: ticket ?? '',
    requestedBy: textOf(ownField(value, 'requestedBy')),
    lines: changes.filter(isRecord).map((raw, index) => lineOf(raw, index)),
    faults,
  };
}

const UNAVAILABLE: EvaluationResult = {
  ok: false,
  says: 'JSONata expressions cannot be evaluated here',
  remedy: 'Use a mapping table in place of JSONata, or a function that evaluates it.',
};

const SHAPE = 'Let the expression answer {"ticket": "CHG0031337", "changes": [ … ]}.';

function lineOf(raw: Record<string, unknown>, index: number): Reading['lines'][number] {
  const path = `changes[${index}]`;
  return {
    number: index + 1,
    path,
    raw: { schemaVersion: 1, ...raw },
    rows: new Map(),
    misplaced: [],
    contradicting: [],
    changeOrigin: { row: ROW, path },
  };
}

/** JSONata returns a list with one entry as that entry. */
const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

const ownField = (value: Record<string, unknown>, name: string) =>
  Object.hasOwn(value, name) ? value[name] : undefined;

const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

/** Without `reads` the fields of an expression are unknown, so the whole payload counts. */
const pathsOf = (reads: readonly string[] | undefined) => reads ?? ['$payload'];
