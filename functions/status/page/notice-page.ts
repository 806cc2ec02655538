import { PROBLEMS, type ProblemCode } from '../../../shared/domain/http/http-problem.ts';
import { html } from './html.ts';
import { htmlPage } from './page.ts';

/** The table's title of this one is about deliveries. */
const TITLES: Partial<Record<ProblemCode, string>> = { unavailable: 'The state cannot be read right now.' };

/** A refusal, for a person. */
export function noticePage(code: ProblemCode, detail: string): string {
  const title = (TITLES[code] ?? PROBLEMS[code].title).replace(/\.$/, '');
  return htmlPage(title, html`<header><h1>${title}</h1></header>\n<p>${detail}</p>`);
}
