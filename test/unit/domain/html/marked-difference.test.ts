import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markedDifference } from '../../../../shared/domain/html/marked-difference.ts';

const markup = (was: string, is: string) => {
  const marked = markedDifference(was, is);
  return [marked.was.html, marked.is.html].map((html) => html.replaceAll(/<\/?bdi>/g, ''));
};

describe('what differs between two texts', () => {
  it.each([
    ['no', 'yes', '<del>no</del>', '<ins>yes</ins>'],
    ['VPN for partners', 'VPN for staff', 'VPN for <del>partners</del>', 'VPN for <ins>staff</ins>'],
    ['Remote Access', 'Remote Access EU', 'Remote Access', 'Remote Access <ins>EU</ins>'],
    ['Old Web', 'Web', '<del>Old</del> Web', 'Web'],
    ['a b c', 'a x c', 'a <del>b</del> c', 'a <ins>x</ins> c'],
    ['a b', 'a  b', 'a<del> </del>b', 'a<ins>  </ins>b'],
    ['a a', 'a', 'a <del>a</del>', 'a'],
    ['', 'new', '', '<ins>new</ins>'],
    ['<b>', '<i>', '<del>&lt;b&gt;</del>', '<ins>&lt;i&gt;</ins>'],
  ])('%j and %j', (was, is, before, after) => {
    expect(markup(was, is)).toEqual([before, after]);
  });

  it('is marked without a word lost or moved, and where nothing differs nothing is', () => {
    const words = fc.array(fc.constantFrom('a', 'b', ' ', '  ', 'c'), { maxLength: 12 }).map((list) => list.join(''));
    fc.assert(
      fc.property(words, words, (was, is) => {
        const shown = markup(was, is).map((html) => html.replaceAll(/<\/?(del|ins)>/g, ''));
        expect(shown).toEqual([was, is]);
        expect(markup(was, is).join('').includes('<')).toBe(was !== is);
      }),
    );
  });
});
