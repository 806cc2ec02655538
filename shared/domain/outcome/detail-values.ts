/** Values of a rejection's details as text for people. */

export type Fields = Record<string, unknown>;

/** A cell: text, or an object's name with its id. The text may be foreign; every output format escapes it. */
export type DetailCell = { text: string; id?: string };

/** A cell without an id. */
export const cell = (text: string): DetailCell => ({ text });

/** The cell of an object: its name and id, or the one that is known. */
export function withId(name: unknown, id: unknown): DetailCell {
  const [shown, code] = [textOf(name), textOf(id)];
  if (shown === '') return cell(code);
  return code === '' ? cell(shownName(name)) : { text: shownName(name), id: code };
}

/** Quotes a name with spaces at its ends, which would be invisible otherwise. */
export function shownName(name: unknown): string {
  const text = textOf(name);
  if (text === '') return name === undefined ? '' : '(no name)';
  return text === text.trim() ? text : `“${text}”`;
}

/** A value for people: yes and no for booleans, a word for empty text. */
export function shownValue(value: unknown): string {
  if (value === true || value === 'true') return 'yes';
  if (value === false || value === 'false') return 'no';
  return value === '' ? '(empty)' : textOf(value);
}

/** `ACCESS_POLICY`, `writeId` → `Access policy`, `Write id`. */
export function readable(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Epoch seconds as `2026-12-01T08:00:00Z`. */
export function epochText(seconds: unknown): string {
  if (typeof seconds !== 'number' || !(Math.abs(seconds) < 8.64e12)) return textOf(seconds);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** Any value as text: lists with commas, objects as `name: value`. Details are at most five deep. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (!isFields(value)) return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name}: ${textOf(one)}`)
    .join(', ');
}

/** True if the value is an object with named values. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
