import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asSentence, formatCount } from '../../../../shared/domain/text/sentence.ts';

describe('a sentence as it is shown', () => {
  it.each([
    ['the write got no definite answer', 'The write got no definite answer.'],
    ['no segment group named "Web"', 'No segment group named "Web".'],
    ['"Web" is read-only', '"Web" is read-only.'],
    ['set.name is taken', 'set.name is taken.'],
    ['applications[0] is missing', 'applications[0] is missing.'],
    ['élan vital', 'Élan vital.'],
    ['Is it?', 'Is it?'],
    ['ZPA said: "No."', 'ZPA said: "No."'],
    ['long text… (cut)', 'Long text… (cut)'],
    ['', ''],
  ])('%s', (text, shown) => {
    expect(asSentence(text)).toBe(shown);
  });

  it('said twice is the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => asSentence(asSentence(text)) === asSentence(text)),
    );
  });

  it('counts', () => {
    expect([formatCount(1, 'rule'), formatCount(0, 'rule'), formatCount(2, 'entry', 'entries')]).toEqual([
      '1 rule',
      '0 rules',
      '2 entries',
    ]);
  });
});
