import { decodeHTMLStrict } from 'entities/decode';

/** A text has at most so many times the characters of its composed form (Unicode UAX #15, maximum expansion in UTF-16). */
export const MAX_DECOMPOSED = 4;

/**
 * A name or description in the form in which two are compared. Unicode has several forms of one text (`ü` is one code
 * point or two), and a console, a ticket system and ZPA may each use another. ZPA escapes its answers, so a text read is
 * decoded and a text from a ticket is not; both are decoded here until nothing is left to decode, because nobody knows
 * how often ZPA escaped. Only comparisons use this form: what is stored and sent stays as it was written.
 */
export function comparableText(text: string): string {
  let [before, after] = ['', text];
  // Each decoding makes the text shorter, so this ends.
  while (after !== before) [before, after] = [after, decodeHTMLStrict(after.normalize('NFC'))];
  return after;
}

/** True if two texts read the same but for blanks at their ends, which ZPA sometimes returns changed. */
export function isSameTrimmed(one: string, other: string): boolean {
  return comparableText(one).trim() === comparableText(other).trim();
}

/** True if two names or descriptions read the same. */
export function isSameText(one: string, other: string): boolean {
  return one === other || comparableText(one) === comparableText(other);
}

/** The most characters of a choice, such as a state of a ticket, that the settings name. */
export const LONGEST_CHOICE = 200;

/** A choice as compared: trimmed, in composed form (NFC), in lower case; undefined: longer than any that the settings name. */
export function comparableChoice(value: string): string | undefined {
  const text = value.trim();
  return text.length > LONGEST_CHOICE * MAX_DECOMPOSED ? undefined : text.normalize('NFC').toLowerCase();
}
