import { PROBLEMS, type ProblemCode } from '../../shared/domain/problem.ts';
import { html } from './html.ts';
import { htmlPage } from './page.ts';

/** A refusal, for a person. */
export function noticePage(code: ProblemCode, detail: string): string {
  const { title } = PROBLEMS[code];
  return htmlPage(title, html`<header><h1>${title}</h1></header>\n<p>${detail}</p>`);
}
