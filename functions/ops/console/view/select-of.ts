import { type Html, html } from '../../../../shared/domain/html/html.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';

type Option = { value: string; title: string };

/**
 * A filter that takes one of the options, or any. A value of the address that is none of them, as of a tenant that was retired, is one
 * more, so that it can be seen and taken away.
 */
export function selectOf(
  label: string,
  name: string,
  chosen: string | undefined,
  options: readonly (string | Option)[],
): Html {
  const known = options.map((one) => (typeof one === 'string' ? { value: one, title: one } : one));
  const isKnown = chosen === undefined || known.some(({ value }) => value === chosen);
  const all = isKnown ? known : [...known, { value: chosen, title: chosen }];
  const shown = all.map(
    ({ value, title }) =>
      html`<option value="${value}"${value === chosen && html` selected`}>${visible(title)}</option>`,
  );
  return html`<label>${label} <select name="${name}"><option value="">any</option>${shown}</select></label>`;
}
