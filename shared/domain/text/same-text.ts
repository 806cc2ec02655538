/**
 * A name or description in the form in which two are compared. Unicode has several forms of one text (`ü` is one code
 * point or two), and a console, a ticket system and ZPA may each use another. Only comparisons use it: what is stored
 * and sent stays as it was written.
 */
export function comparableText(text: string): string {
  return text.normalize('NFC');
}

/** Whether two names or descriptions read the same. */
export function isSameText(one: string, other: string): boolean {
  return one === other || comparableText(one) === comparableText(other);
}
