import { type Document, isNode, LineCounter, parseAllDocuments } from 'yaml';
import { setTicket } from '../../../../shared/accept/changes/set-ticket.ts';
import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import { parseChange } from '../../../../shared/domain/change/parse-change.ts';
import type { SourceConfiguration } from '../../../../shared/domain/configuration/configuration.ts';
import { isRecord } from '../../../../shared/domain/mapping/table/field-path.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { yamlValue } from '../../../../shared/settings/yaml-fault.ts';
import { changeYaml } from '../../output/change-yaml.ts';
import { shownMark } from '../view/form-fields.ts';

/** A mistake in an edited text; lines and columns begin with 1. */
export type EditFault = { line: number; column: number; sentence: string; remedy: string };

/** `raw`: what is sent. `request`: what the webhook reads in it. */
export type EditedChange = { ok: true; raw: object; request: ChangeRequest } | { ok: false; faults: EditFault[] };

/** The body of a change as a person edits it: without its key, its ticket and its place in a set. */
export function editableText({ change }: ChangeRecord): string {
  const { idempotencyKey: _, changeSet: __, ticket: ___, schemaVersion, tenant, action, group, ...rest } = change;
  return changeYaml({ schemaVersion, tenant, action, group, ...rest }, new Map());
}

/** One change has few equal values: more than these only make the text grow. */
const MOST_ALIASES = 100;

/** The person does not edit these: they follow from the failure and the named ticket. */
const FIXED: Record<string, string> = {
  idempotencyKey: 'Leave it out: the edited change gets a key of its own.',
  ticket:
    'Leave it out: name the ticket beside the change. Approvals of the change as it was do not count for another one.',
  changeSet: 'Leave it out: an edited change is sent alone.',
};

/**
 * Reads an edited text as the webhook would, under this ticket. Its key begins with the ticket and depends on what was edited, so
 * that sending it twice is one change, and another edit is another change.
 */
export function readEdited(
  text: string,
  { ref, generation }: ChangeRecord,
  ticket: string,
  source: SourceConfiguration,
): EditedChange {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [document, second] = 'empty' in documents ? [] : documents;
  if (document === undefined) return wrong(1, 1, 'There is no change in this text.', 'Begin anew from the failure.');
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = document.errors.map(({ code, pos }) => ({ ...at(pos[0]), ...wordsOf(code) }));
  if (broken.length > 0) return { ok: false, faults: broken };
  if (second !== undefined) {
    return {
      ok: false,
      faults: [{ ...at(second.range[0]), sentence: 'A second change begins here.', remedy: 'Edit one change.' }],
    };
  }
  const found = yamlValue(document, text, MOST_ALIASES);
  if ('fault' in found) {
    const { line, column, words } = found.fault;
    return wrong(line, column, asSentence(words), 'Write the value itself, in quotes if it begins with *.');
  }
  const { value } = found;
  if (!isRecord(value)) return wrong(1, 1, 'The text is not a change.', 'Write its fields as `name: value`.');
  const placed = (path: readonly PropertyKey[]) => at(offsetOf(document, path));
  const fixed = Object.entries(FIXED).filter(([field]) => Object.hasOwn(value, field));
  if (fixed.length > 0) {
    const faults = fixed.map(([field, remedy]) => ({
      ...placed([field]),
      sentence: `"${field}" is not edited here.`,
      remedy,
    }));
    return { ok: false, faults };
  }
  const key = `${ticket}/edit-${shownMark([ref, generation, value]).slice(0, 12)}`;
  const raw = { ...value, idempotencyKey: key, ticket: { id: ticket } };
  const parsed = parseChange(setTicket(raw, source));
  if (parsed.ok) return { ok: true, raw, request: parsed.change };
  const faults = parsed.faults.map(({ path, sentence, remedy }) => ({ ...placed(partsOf(path)), sentence, remedy }));
  return { ok: false, faults: faults.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

const wrong = (line: number, column: number, sentence: string, remedy: string): EditedChange => ({
  ok: false,
  faults: [{ line, column, sentence, remedy }],
});

/** Words a fault of the YAML by the parser's code: its own texts are for those who know the grammar. */
function wordsOf(code: string): Pick<EditFault, 'sentence' | 'remedy'> {
  switch (code) {
    case 'DUPLICATE_KEY':
      return { sentence: 'This field is stated twice.', remedy: 'Keep one of them.' };
    case 'TAB_AS_INDENT':
      return { sentence: 'A tab indents this line.', remedy: 'Use spaces.' };
    case 'BAD_INDENT':
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        sentence: 'The indentation does not fit the lines before it.',
        remedy: 'Indent fields of one object equally.',
      };
    case 'MISSING_CHAR':
      return { sentence: 'A quote, bracket, comma or colon is missing here.', remedy: 'Close what is open before it.' };
    case 'BAD_DQ_ESCAPE':
      return {
        sentence: 'A backslash in this text is followed by something that YAML does not know.',
        remedy: 'Write \\\\ for a backslash.',
      };
    default:
      return { sentence: 'The text is not valid YAML here.', remedy: 'Compare the line with those around it.' };
  }
}

/** `applications.add[0].id` → `['applications', 'add', 0, 'id']`. */
function partsOf(path: string): PropertyKey[] {
  return [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, index, quoted, name]) =>
    index === undefined ? (quoted ?? name ?? '') : Number(index),
  );
}

/** Finds where the value of a path begins, or the nearest value around it that is stated. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
