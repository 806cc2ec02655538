import { escapeHtml } from '../../shared/domain/escape-html.ts';

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

/** Text from outside, kept from turning the direction of what stands around it. */
export function foreign(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

/** `2026-12-01 08:00:00 UTC`, readable for programs too. */
export function time(at: string): Html {
  return html`<time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time>`;
}
