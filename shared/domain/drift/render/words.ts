/**
 * Text of a sentence: our own words are strings, and foreign text is marked, so that each format can escape it its way. `at`
 * is an instant in ISO 8601.
 */
export type Words = readonly (string | { readonly foreign: string } | { readonly at: string })[];

/** A template for words: strings that are put into it are foreign, numbers and words are ours, undefined is empty. */
export function words(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Words | undefined)[]
): Words {
  return strings.flatMap((string, index) => [...(string === '' ? [] : [string]), ...toWords(values[index])]);
}

function toWords(value: string | number | Words | undefined): Words {
  if (value === undefined) return [];
  if (typeof value === 'string') return [{ foreign: value }];
  return typeof value === 'number' ? [String(value)] : value;
}

/** Joins several words with a separator of our own; empty ones are left out. */
export function joinWords(list: readonly Words[], separator: string): Words {
  return list.filter(({ length }) => length > 0).flatMap((one, index) => (index === 0 ? one : [separator, ...one]));
}

/** Renders words as text, in which `harmless` makes foreign text harmless for its destination, and `instant` writes an instant. */
export function renderWords(text: Words, harmless: (foreign: string) => string, instant = formatInstant): string {
  const render = (part: Words[number]) => {
    if (typeof part === 'string') return part;
    return 'at' in part ? instant(part.at) : harmless(part.foreign);
  };
  return text.map(render).join('');
}

/** Foreign text for a line of a terminal, in which nothing would be seen of an empty one. */
export const orEmpty = (text: string): string => (text.trim() === '' ? '(empty)' : text);

/** `2026-12-01 06:00 UTC`. */
export const formatInstant = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;
