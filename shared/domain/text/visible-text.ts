/**
 * Source of a regular expression for the characters that a reader does not see but a terminal or browser obeys, or by which
 * two names differ that look alike: control, format (bidi, zero width), separators, fillers. A symbol keeps its variation
 * selector, which makes it coloured.
 */
export const UNSEEN_CHARACTER = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u2800]|(?!(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F])\p{Default_Ignorable_Code_Point}`;
const HIDDEN = new RegExp(UNSEEN_CHARACTER, 'gu');

/**
 * Makes foreign text harmless for one line of a terminal or report: hidden characters become escapes such as
 * `\u{202E}`, and a text longer than `limit` UTF-16 units is cut and ends in `…`.
 */
export function visible(text: string, limit = 200): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1).replace(/\p{Cs}$/u, '')}…` : text;
  return cut.replace(HIDDEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`);
}

/**
 * Renders foreign text for Markdown as a code span, inside which no renderer makes links, images, mentions or HTML. Its
 * fence is longer than any run of backticks in the text. It is not for table cells, because a pipe inside would end
 * them.
 */
export function codeSpan(text: string, limit = 200): string {
  const shown = visible(text, limit);
  if (shown.trim() === '') return '(empty)';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}
