import { allowedByHash, htmlDocument } from '../../../shared/domain/html/document.ts';
import type { Html } from '../../../shared/domain/html/html.ts';
import { STYLE } from './style.ts';

/** The policy allows no script and no external resource; it allows the one style sheet by its hash. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src ${allowedByHash(STYLE)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

/** The HTML document around the content of a page. */
export function htmlPage(title: string, content: Html): string {
  return htmlDocument({ title, style: STYLE }, content);
}
