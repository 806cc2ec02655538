import { html } from '../../../../shared/domain/html/html.ts';

/** The words for a value without a character. */
export const EMPTY = html`<i>(empty)</i>`;
