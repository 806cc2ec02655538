import { describe, expect, it } from 'vitest';
import { actForm } from '../../../../functions/ops/console/view/act-form.ts';
import { html } from '../../../../shared/domain/html/html.ts';

const act = { path: '/lanes/pause', role: 'operator' } as const;
const may = { whyNot: () => undefined };
const form = { act, fields: { lane: 'a"b' }, label: 'Pause', of: 'acme' };

describe('actForm', () => {
  it('posts its fields by a button that names its object', () => {
    const { html: shown } = actForm(may, form);
    expect(shown).toContain('method="post" action="/lanes/pause"');
    expect(shown).toContain('<input type="hidden" name="lane" value="a&quot;b">');
    expect(shown).toContain('<button aria-label="Pause acme">Pause</button>');
    expect(shown).not.toContain('<details');
  });

  it('opens inputs and the sentence before the button that acts', () => {
    const { html: shown } = actForm(may, { ...form, confirm: 'Writes wait.', inputs: html`<input name="reason">` });
    expect(shown.indexOf('<summary')).toBeLessThan(shown.indexOf('Writes wait.'));
    expect(shown.indexOf('name="reason"')).toBeLessThan(shown.indexOf('<button'));
  });

  it('is disabled with the reason beside it where the person may not act, and posts nothing', () => {
    const whyNot = (role: string) => `Needs the role ${role}.`;
    const { html: shown } = actForm({ whyNot }, form);
    expect(shown).toContain('disabled');
    expect(shown).toContain('Needs the role operator.');
    expect(shown).not.toContain('<form');
  });
});
