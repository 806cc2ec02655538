import { type Html, html } from '../../../../shared/domain/html/html.ts';
import type { ConsoleAct, ConsoleContext } from '../contract.ts';

export type ActForm = {
  act: Pick<ConsoleAct, 'path' | 'role'>;
  /** Hidden: what the button is about. */
  fields: Readonly<Record<string, string | number>>;
  label: string;
  /** The object, for those who hear the button alone: `Retry` of several rows. */
  of?: string;
  /** Inputs that the person fills in. */
  inputs?: Html;
  /** A sentence that is shown before the button that acts. */
  confirm?: string;
};

/**
 * A button that posts to an act. With `confirm` or `inputs`, the button opens the sentence and the inputs first, also without
 * a script. Where the person may not act, it is disabled and the reason stands beside it.
 */
export function actForm({ whyNot }: Pick<ConsoleContext, 'whyNot'>, form: ActForm): Html {
  const { act, fields, label, of, inputs, confirm } = form;
  const name = of === undefined ? label : `${label} ${of}`;
  const reason = whyNot(act.role);
  if (reason !== undefined) {
    return html`<p class="act"><button type="button" aria-label="${name}" disabled>${label}</button> <small class="reason">${reason}</small></p>`;
  }
  const key = JSON.stringify([act.path, fields]);
  const hidden = Object.entries(fields).map(
    ([field, value]) => html`<input type="hidden" name="${field}" value="${value}">`,
  );
  const button = html`<button aria-label="${name}">${label}</button>`;
  const open = (content: Html) =>
    html`<form class="act" method="post" action="${act.path}" data-key="${key}">${hidden}${content}</form>`;
  if (confirm === undefined && inputs === undefined) return open(button);
  return html`<details class="act" data-key="${key}"><summary aria-label="${name} …">${label} …</summary>
${open(html`${confirm !== undefined && html`<p>${confirm}</p>`}${inputs}${button}`)}</details>`;
}
