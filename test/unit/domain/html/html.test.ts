import { expect, it } from 'vitest';
import { untrusted } from '../../../../shared/domain/html/html.ts';

it('foreign text on a page spells out what nobody sees, and keeps what scripts and symbols need', () => {
  const shown = (text: string) => untrusted(text).html.replace(/<[^>]*>/g, '');
  expect(shown('PCI\u3164Cards')).toBe('PCIU+3164Cards');
  expect(shown('PCI\uFE0F Cards\u2800')).toBe('PCIU+FE0F CardsU+2800');
  expect(shown('\u26A0\uFE0F \u{1F468}\u200D\u{1F4BB}\nnext')).toBe('\u26A0\uFE0F \u{1F468}\u200D\u{1F4BB}\nnext');
});
