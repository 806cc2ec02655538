import { foreign, type Html, html, time } from '../../../../shared/domain/html/html.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import type { OpsError } from '../../output/exit-codes.ts';
import { type ActResult, ADDRESS, type ConsolePage, type PageContent } from '../contract.ts';
import { errorBody } from '../view/error-body.ts';
import { MAX_FORM_BYTES } from '../web/http.ts';
import { listOf } from './list-of.ts';

/** Facts about the target and the person, in the order that they are shown. */
export type About = readonly { label: string; value: string }[];

/** The frame stands around the content of a page. */
export type Frame = {
  pages: readonly Pick<ConsolePage, 'path' | 'label'>[];
  path: string;
  about: About;
  notice: Pick<ActResult, 'result' | 'sentence'> | undefined;
  /** The text of the search box. */
  query: string;
};

/** In the order in which they apply. */
const STYLES = ['base', 'frame', 'parts', 'media', 'story', 'tables'] as const;

/** The document up to its content. */
export function documentHead({ pages, path, about, notice, query }: Frame, title: string): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title} · zpa-changes</title>
<link rel="icon" href="/icon.svg">${STYLES.map((name) => html`<link rel="stylesheet" href="/${name}.css">`)}<script src="/console.js" defer></script></head>
<body data-max-form-bytes="${MAX_FORM_BYTES}"><a class="skip" href="#main">Skip to the content</a>
<header class="top"><a class="brand" href="${ADDRESS.overview}">zpa-changes</a>
<nav aria-label="Pages"><ul>${pages.map((page) => viewLink(page, path))}</ul></nav>
<form class="search" role="search" action="${ADDRESS.changes}"><input type="search" name="q" value="${query}" aria-label="Search changes" placeholder="Ticket, group or key"><button class="quiet">Search</button></form>
</header>
<dl class="about">${about.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${foreign(value)}</dd></div>`)}</dl>
<div id="notice" role="status">${notice && html`<p class="${notice.result}">${foreign(notice.sentence, 2000)}</p>`}</div>
`;
}

/** One line of what a page waits for. It is hidden once the content is there. */
export const waitingLine = (line: string): Html => html`<p class="waiting">${foreign(asSentence(line), 300)}</p>
`;

export type Shown = { content: PageContent; warnings: readonly string[]; readAt: number; failed: boolean };

/** The content, and the rest of the document. */
export function documentRest({ content, warnings, readAt, failed }: Shown): Html {
  const { title, body, refreshMs } = content;
  return html`<main id="main" tabindex="-1" data-refresh-ms="${refreshMs ?? ''}"${failed && html` data-failed="yes"`}><h1>${title}</h1>
${warnings.map((warning) => html`<p class="warning">${foreign(asSentence(warning), 1000)}</p>`)}
${body}</main>
<footer><p id="live" data-live="${refreshMs === undefined ? 'off' : 'no'}">Last read at ${time(new Date(readAt).toISOString())}. <a href="" class="again">Refresh</a></p></footer>
</body></html>`;
}

function viewLink({ path, label }: Pick<ConsolePage, 'path' | 'label'>, current: string): Html | false {
  if (label === undefined) return false;
  // A page below a list belongs to its entry, which leads to another page.
  const mark = path === current ? 'page' : path === listOf(current)?.to && 'true';
  return html`<li><a href="${path}"${mark && html` aria-current="${mark}"`}>${label}</a></li>`;
}

/** The content of a page that could not be made: the sentence, what to do, and links that lead on. */
export const errorContent = (error: OpsError, ways?: Html): PageContent => ({
  title: 'This page cannot be shown',
  body: html`${errorBody(error)}${ways}`,
});
