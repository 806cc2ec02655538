import { comparableChoice } from '../text/same-text.ts';
import { parseStrictJson } from '../text/strict-json.ts';
import { isJiraDocument, plainJiraText } from './jira-text.ts';
import { isRecord } from './table/field-path.ts';
import { parseLocalTime } from './table/local-time.ts';
import type { Transform } from './table/table-schema.ts';

/** `undefined` as value: the field is not filled in. */
export type Transformed = { ok: true; value: unknown } | { ok: false; value: unknown; says: string; remedy: string };

/**
 * Applies the transforms one after the other. In a list each entry is transformed by itself, and an entry that becomes
 * a list joins the list.
 */
export function transformAll(value: unknown, transforms: readonly Transform[]): Transformed {
  let result: Transformed = { ok: true, value };
  for (const transform of transforms) {
    if (!result.ok || result.value === undefined) return result;
    result = Array.isArray(result.value)
      ? transformList(result.value, transform)
      : transformOne(result.value, transform);
  }
  return result;
}

/** Twice the applications that one change may name, because a list may hold blank lines. */
const MAX_ENTRIES = 2000;
/**
 * Upper bound in characters. A field may be read once for each of a hundred lines, so it must not be the whole
 * delivery; a thousand names are shorter.
 */
const MAX_CHARACTERS = 256 * 1024;

function transformList(values: readonly unknown[], transform: Transform): Transformed {
  const all: unknown[] = [];
  for (const value of values) {
    const one = transformOne(value, transform);
    if (!one.ok) return one;
    if (one.value === undefined) continue;
    for (const entry of Array.isArray(one.value) ? one.value : [one.value]) all.push(entry);
    if (all.length > MAX_ENTRIES) return tooMany(values);
  }
  return { ok: true, value: all };
}

function transformOne(value: unknown, transform: Transform): Transformed {
  if (transform === 'yesNo') return yesNo(value);
  if (typeof transform === 'object' && 'columns' in transform && isRecord(value)) return { ok: true, value };
  if (transform === 'jiraText' && isJiraDocument(value)) return jiraText(value);
  const text = textOf(value);
  if (text === undefined && typeof value === 'number') {
    return { ok: false, value, says: 'has been rounded', remedy: 'Let the ticket system send it as text, in quotes.' };
  }
  if (text === undefined) {
    return { ok: false, value, says: 'is not text', remedy: 'Let the row read a field that holds text.' };
  }
  const isFullText = transform === 'json' || transform === 'rows' || transform === 'jiraText';
  if (!isFullText && text.length > MAX_CHARACTERS) {
    return { ok: false, value, says: `is longer than ${MAX_CHARACTERS} characters`, remedy: 'Split the ticket.' };
  }
  if (transform === 'jiraText') return jiraText(text);
  if (transform === 'trim') return { ok: true, value: text.trim() };
  if (transform === 'lines') return entries(text, LINE_END);
  if (transform === 'json' || (transform === 'rows' && text.trimStart().startsWith('['))) return json(text);
  if (transform === 'rows') return entries(text, LINE_END);
  if ('split' in transform) return entries(text, transform.split);
  if ('utc' in transform) return time(text, transform.utc);
  if ('lookup' in transform) return lookUp(text, transform);
  return columns(text, transform);
}

function jiraText(value: string | Record<string, unknown>): Transformed {
  const text = plainJiraText(value);
  if (text !== undefined) return { ok: true, value: text };
  const remedy = 'Write names as plain text, without pictures, tables of other things or struck-out words.';
  return { ok: false, value, says: 'holds what is no plain text', remedy };
}

const LINE_END = /\r\n|[\r\n\u2028\u2029]/;

/** Splits into trimmed entries, without the empty ones. */
function entries(text: string, end: string | RegExp): Transformed {
  const parts = text.split(end, MAX_ENTRIES + 1);
  if (parts.length > MAX_ENTRIES) return tooMany(text);
  return { ok: true, value: parts.map((part) => part.trim()).filter((part) => part !== '') };
}

function tooMany(value: unknown): Transformed {
  return { ok: false, value, says: `has more than ${MAX_ENTRIES} entries`, remedy: 'Split the ticket.' };
}

/** Numbers and booleans count as their text; a number that lost digits does not. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value))) return String(value);
  return undefined;
}

const YES = new Set(['yes', 'y', 'true', '1', 'on']);
const NO = new Set(['no', 'n', 'false', '0', 'off']);

function yesNo(value: unknown): Transformed {
  const word = textOf(value)?.trim().toLowerCase() ?? '';
  if (YES.has(word)) return { ok: true, value: true };
  if (NO.has(word)) return { ok: true, value: false };
  const remedy = 'Use yes or no (true, false, 1, 0, on, off count too), or a lookup for other words.';
  return { ok: false, value, says: 'is neither yes nor no', remedy };
}

/** An approver and a parser may each read another value where a key stands twice, so such JSON is refused. */
function json(text: string): Transformed {
  const parsed = parseStrictJson(text);
  if (parsed.ok) return parsed;
  const remedy = 'Let the row read a field that holds JSON, such as a multi-row variable set.';
  return { ok: false, value: text, says: parsed.sentence.replace(/^It |\.$/g, ''), remedy };
}

function time(text: string, zone: string): Transformed {
  const read = parseLocalTime(text, zone);
  return read.ok ? { ok: true, value: read.instant } : { ...read, value: text };
}

type Lookup = Extract<Transform, { lookup: unknown }>;

function lookUp(text: string, { lookup, otherwise }: Lookup): Transformed {
  const key = comparableChoice(text);
  const found = Object.entries(lookup).find(([one]) => key !== undefined && comparableChoice(one) === key);
  if (found !== undefined) return { ok: true, value: found[1] };
  if (otherwise !== undefined) return { ok: true, value: otherwise ?? undefined };
  const known = Object.keys(lookup).slice(0, 30);
  const remedy = `Use one of: ${known.map((one) => `"${one}"`).join(', ')}; or add it to the row's lookup.`;
  return { ok: false, value: text, says: 'is not in the lookup', remedy };
}

type Columns = Extract<Transform, { columns: unknown }>;

/**
 * `Remote Access; add; wiki` by `;` → `{group, action, …}`. Columns at the end may be left out; an object is a line
 * already.
 */
function columns(text: string, { columns: names, by }: Columns): Transformed {
  const cells = text.split(by).map((cell) => cell.trim());
  if (cells.length <= names.length) {
    return { ok: true, value: Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])) };
  }
  const says = `has ${cells.length} columns, and ${names.length} are known: ${names.join(', ')}`;
  return { ok: false, value: text, says, remedy: `Write one change per line, its columns separated by "${by}".` };
}

/** True if the value can be a line: an object, or text by itself. */
export const isLine = (value: unknown) => isRecord(value) || typeof value === 'string' || typeof value === 'number';
