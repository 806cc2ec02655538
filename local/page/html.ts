import { escapeHtml } from '../../shared/domain/text/escape-html.ts';
import { visible } from '../../shared/domain/text/visible-text.ts';

/** Markup that is safe to send: only `html` makes it, and it escapes every value that is put into it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | false | null | undefined | readonly Part[];

function toText(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (part === undefined || part === null || part === false) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part.map(toText).join('');
}

/** A template whose values are escaped unless they are `Markup` already; lists are joined, false and null are nothing. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.map((string, index) => string + toText(parts[index])).join(''));
}

/** Text from outside on one line: what would go unseen is spelled out, and its direction stays its own. */
export function foreign(text: string, limit = 300): Markup {
  return html`<bdi>${visible(text, limit)}</bdi>`;
}
