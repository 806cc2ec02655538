import { type Html, html } from '../../../../shared/domain/html/html.ts';
import type { ConsoleContext } from '../contract.ts';

export const PREVIEW_ADDRESS = '/drift/preview';

/** The acts that the buttons post to. */
export const DRIFT_ACTS = {
  send: { path: '/drift/send', role: 'steward' },
  ignore: { path: '/drift/ignore', role: 'steward' },
} as const;

/** Opens the preview of accepting or reverting what is in it: it changes nothing, so it is no act. */
export function resolveForm({ whyNot }: Pick<ConsoleContext, 'whyNot'>, lane: string, content: Html): Html {
  const reason = whyNot(DRIFT_ACTS.send.role);
  const why = reason === undefined ? undefined : html` <small class="reason">${reason}</small>`;
  const button = (value: string, label: string) =>
    html`<button name="do" value="${value}"${reason !== undefined && DISABLED}>${label}</button>`;
  return html`<form class="resolve" action="${PREVIEW_ADDRESS}" data-key="resolve"><input type="hidden" name="lane" value="${lane}">${content}
<div class="filters"><label>Ticket that approves it <input name="ticket" required maxlength="100" autocomplete="off" placeholder="CHG0031400"></label>
${button('accept', 'Accept …')}${button('revert', 'Revert …')}${why}</div>
<p class="hint">Accept approves what lives in ZPA. Revert puts back what was approved. The next page shows the changes and their plan; nothing is sent before.</p></form>`;
}

const DISABLED: Html = html` disabled`;
