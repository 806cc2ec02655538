import { escapeHtml } from '../text/escape-html.ts';
import { UNSEEN_CHARACTER, visible } from '../text/visible-text.ts';

/** Markup that needs no escaping: only `html` makes it. */
export type Html = { readonly html: string };

type Part = Html | string | number | false | null | undefined | readonly Part[];

/** A template for markup: values are escaped unless they are `Html`; lists are joined; undefined, null and false are empty. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.map((string, index) => string + textOf(parts[index])).join('') };
}

function textOf(part: Part): string {
  if (part === undefined || part === null || part === false) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map(textOf).join('');
}

/** Characters that control a browser or that it hides; line breaks, tabs and the joiners that scripts and emoji need stay. */
const UNSEEN = new RegExp(`(${UNSEEN_CHARACTER})`, 'u');
const NEEDED = new Set(['\n', '\t', '\u200c', '\u200d']);

/**
 * Text from outside, isolated so that it cannot change the writing direction around it. Invisible characters are spelled
 * out (`U+202E`), so that two names that look alike can be distinguished.
 */
export function untrusted(text: string): Html {
  return html`<bdi>${text.replaceAll('\r\n', '\n').split(UNSEEN).map(spellOut)}</bdi>`;
}

function spellOut(part: string): Part {
  if (!UNSEEN.test(part) || NEEDED.has(part)) return part;
  const name = (part.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return html`<code class="unseen" title="a character that cannot be seen">U+${name}</code>`;
}

/** Text from outside on one line, cut at `limit` characters; what would not be seen is spelled out. */
export function foreign(text: string, limit = 300): Html {
  return html`<bdi>${visible(text, limit)}</bdi>`;
}

/** `2026-12-01 08:00:00 UTC`, with a machine-readable attribute. */
export const time = (at: string): Html => html`<time datetime="${at}">${timeText(at)}</time>`;

/** The same as text: `2026-12-01 09:15:00 UTC`. */
export const timeText = (at: string): string => `${at.slice(0, 19).replace('T', ' ')} UTC`;
