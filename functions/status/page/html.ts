import { escapeHtml } from '../../../shared/domain/text/escape-html.ts';

/** A piece of a page that is safe as it stands: only `html` makes one. */
export type Html = { readonly html: string };

type Part = Html | string | number | undefined | readonly Part[];

/** A template for markup: what is put in is escaped unless it is `Html` itself; lists are joined, undefined is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.map((string, index) => string + textOf(parts[index])).join('') };
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(textOf).join('');
}

/** Characters a browser obeys or hides; line breaks, tabs and the joiners that scripts and emoji need stay. */
const UNSEEN = /([\p{Cc}\p{Cf}\p{Cs}\p{Co}])/u;
const NEEDED = new Set(['\n', '\t', '\u200c', '\u200d']);

/**
 * Text from outside, kept from turning the direction of what stands around it; characters that would go unseen are
 * spelled out (`U+202E`), so that two names that look alike can be told apart.
 */
export function foreign(text: string): Html {
  return html`<bdi>${text.replaceAll('\r\n', '\n').split(UNSEEN).map(spelledOut)}</bdi>`;
}

function spelledOut(part: string): Part {
  if (!UNSEEN.test(part) || NEEDED.has(part)) return part;
  const name = (part.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return html`<code class="unseen" title="a character that cannot be seen">U+${name}</code>`;
}

/** `2026-12-01 08:00:00 UTC`, readable for programs too. */
export function time(at: string): Html {
  return html`<time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time>`;
}
