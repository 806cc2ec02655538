/**
 * JSON for queues and topics. SQS and SNS take the characters of XML 1.0 only (#x9, #xA, #xD, #x20 to #xD7FF, #xE000 to
 * #xFFFD, #x10000 to #x10FFFF; AWS, SendMessage). JSON escapes control characters and lone surrogates by itself; the two
 * that it leaves, U+FFFE and U+FFFF, are escaped here.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** UTF-8 bytes of a text. */
export function textBytes(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += codePointBytes(character.codePointAt(0) ?? 0);
  return bytes;
}

/** UTF-8 bytes of a value's JSON. */
export function jsonBytes(value: unknown): number {
  return textBytes(toJson(value));
}

/** A text of at most `maxBytes` of UTF-8, cut between characters and marked where it was cut. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || textBytes(text) <= maxBytes) return text;
  const mark = '… (cut)';
  const room = Math.max(0, maxBytes - textBytes(mark));
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += codePointBytes(character.codePointAt(0) ?? 0);
    if (bytes > room) break;
    kept += character;
  }
  return `${kept}${mark}`;
}

/** One line: line breaks, other control and format characters become spaces, runs of spaces one. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** A lone surrogate counts as U+FFFD, which it becomes on the wire: three bytes. */
function codePointBytes(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
