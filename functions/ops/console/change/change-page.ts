import { html } from '../../../../shared/domain/html/html.ts';
import { UNSEEN_CHARACTER, visible } from '../../../../shared/domain/text/visible-text.ts';
import { ADDRESS, type ConsolePage } from '../contract.ts';
import { changeAddress } from '../view/change-address.ts';
import { dataAddress, fileName } from '../view/download.ts';
import { findShown, readStory, type Story } from './read-story.ts';
import { CHANGE_JSON, storyView } from './story-view.ts';

/** While it moves, so that a step appears within a second; while only its ticket is waited for; and while its window is closed. */
const REFRESH_MS = { moving: 500, answering: 3000, scheduled: 1000 };

/** The whole story of one change. */
export const changePage: ConsolePage = {
  path: ADDRESS.change,
  async render(context, query) {
    const story = await readStory(context, query);
    const refreshMs = refreshOf(story);
    const title = visible(story.record.ref.idempotencyKey, 120);
    return { title, body: storyView(context, story), ...(refreshMs !== undefined && { refreshMs }) };
  },
};

function refreshOf({ record, told }: Story): number | undefined {
  if (record.state === 'scheduled') return REFRESH_MS.scheduled;
  if (record.state !== 'settled' || record.pending.length > 0) return REFRESH_MS.moving;
  return told === false ? REFRESH_MS.answering : undefined;
}

/** One change as the ledger holds it, to read and to take along. */
export const changeJsonPage: ConsolePage = {
  path: CHANGE_JSON,
  async render(context, query) {
    const record = await findShown(context, query);
    const json = JSON.stringify(record, null, 2).replaceAll(HIDDEN, escapeOf);
    const key = visible(record.ref.idempotencyKey, 120);
    const body = html`<p><a href="${changeAddress(record.ref)}">Back to the change</a> <a download="${fileName(key, 'json')}" href="${dataAddress('application/json', json)}">Download</a></p>
<textarea class="code" readonly rows="30" aria-label="The change as JSON">${json}</textarea>`;
    return { title: `${key} as JSON`, body };
  },
};

/** Characters that a browser obeys or hides. A line break is part of the form of JSON itself. */
const HIDDEN = new RegExp(`(?!\\n)(?:${UNSEEN_CHARACTER})`, 'gu');

const escapeOf = (text: string): string =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
