import { expect, it } from 'vitest';
import { roleLink } from '../../../../functions/ops/console/view/role-link.ts';

const shown = (reason?: string) =>
  roleLink({ whyNot: () => reason }, 'operator', '/now', 'Read ZPA now', 'takes a minute').html;

it('a link says what to know before, and one that is off says why instead', () => {
  expect(shown()).toBe('<a href="/now">Read ZPA now</a> <small>takes a minute</small>');
  expect(shown('Needs the role operator.')).toBe(
    '<span class="off">Read ZPA now</span> <small class="reason">Needs the role operator.</small>',
  );
});
