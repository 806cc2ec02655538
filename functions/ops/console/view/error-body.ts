import { foreign, type Html, html } from '../../../../shared/domain/html/html.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import type { OpsError } from '../../output/exit-codes.ts';
import { remedyOnPage } from './page-words.ts';

/** An error as a person can use it: each of its lines, what to do, and the code. */
export const errorBody = ({ message, remedy, code }: OpsError): Html =>
  html`<section class="panel error" role="alert">${message.split('\n').map((line) => html`<p>${foreign(asSentence(line), 2000)}</p>`)}
<p class="remedy"><b>What to do:</b> ${foreign(asSentence(remedyOnPage(remedy)), 2000)}</p><p class="hint">Code: <code>${code}</code></p></section>`;
