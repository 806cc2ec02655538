import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparableText, isSameText } from '../../../../shared/domain/text/same-text.ts';
import { decodeEntities } from '../../../../shared/zpa/api/decode-entities.ts';

const escapeOnce = (text: string) => text.replace(/[&<>"']/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`);
const pieces = fc.constantFrom(
  '&',
  'amp;',
  '&amp;',
  '&#65;',
  '&lt;',
  ';',
  '#',
  'x41;',
  'ü',
  'u\u0308',
  '&#x308;',
  'a',
  ' ',
);

describe('two texts', () => {
  it.each([
    ['Zürich', 'Zürich'.normalize('NFD')],
    ['R&amp;D portal', 'R&D portal'],
    ['x&#65;y', 'xAy'],
    ['&lt;b&gt;', '<b>'],
    ['&copy; 2026', '© 2026'],
    ['R&amp;amp;amp;D', 'R&D'],
    ['Zu&#x308;rich', 'Zürich'],
  ])('%j and %j are the same', (one, other) => {
    expect([isSameText(one, other), isSameText(other, one)]).toEqual([true, true]);
  });

  it.each([
    ['Web', 'web'],
    ['R&D', 'R&E'],
    ['a&copy', 'a©'],
    ['Web', 'Web '],
  ])('%j and %j are not', (one, other) => {
    expect([isSameText(one, other), isSameText(other, one)]).toEqual([false, false]);
  });

  it('a text sent reads the same, however often ZPA escapes it', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.nat(3), (parts, times) => {
        const sent = parts.join('');
        const wire = Array.from({ length: times }).reduce((text: string) => escapeOnce(text), sent);
        expect(isSameText(sent, decodeEntities(wire))).toBe(true);
        expect(comparableText(comparableText(sent))).toBe(comparableText(sent));
      }),
    );
  });
});
