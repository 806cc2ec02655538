/**
 * Serialises a value as JSON for queues and topics. SQS and SNS accept the characters of XML 1.0 only (#x9, #xA, #xD,
 * #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF; AWS, SendMessage). JSON itself escapes control characters and
 * lone surrogates; this function escapes the two that remain, U+FFFE and U+FFFF.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** UTF-8 bytes of a text. A lone surrogate counts as three, because it becomes U+FFFD. */
export function textBytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** UTF-8 bytes of a value's JSON. */
export function jsonBytes(value: unknown): number {
  return textBytes(toJson(value));
}

const CUT_MARK = '… (cut)';

/** Cuts a text to at most `maxBytes` bytes of UTF-8, between characters, and marks the cut. */
export function truncateText(text: string, maxBytes: number): string {
  if (text.length <= maxBytes && textBytes(text) <= maxBytes) return text;
  const room = Math.max(0, maxBytes - textBytes(CUT_MARK));
  const bytes = Buffer.from(text.slice(0, room + 1), 'utf8');
  let end = Math.min(room, bytes.length);
  while (end > 0 && isContinuation(bytes[end])) end -= 1;
  return `${bytes.toString('utf8', 0, end)}${CUT_MARK}`;
}

/** True if `text` is what `truncateText` left of `whole`. */
export const isCutOf = (text: string, whole: string): boolean =>
  text.endsWith(CUT_MARK) && whole.startsWith(text.slice(0, -CUT_MARK.length));

/** True if the byte continues a character: bytes after its first are 10xxxxxx. */
const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/**
 * Makes a text one line: line breaks, other control and format characters become spaces, and several spaces become one.
 */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
