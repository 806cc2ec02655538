import { describe, expect, it } from 'vitest';
import { isSamePerson, isUnknownPerson } from '../../../../shared/domain/approval/people.ts';

describe('names of people', () => {
  it.each([
    ['letters of either case', 'Kim.Lee', 'kim.lee'],
    ['a zero-width space', 'kim\u200b.lee', 'kim.lee'],
    ['a soft hyphen and a text direction mark', '\u200ekim\u00ad.lee', 'kim.lee'],
    ['a variation selector', 'kim\ufe0f', 'kim'],
    ['an invisible letter', 'kim\u3164', 'kim'],
    ['a control character', 'kim\u0000', 'kim'],
    ['full width', 'ｋｉｍ', 'kim'],
    ['full width that hides a space', 'kim\u3000', 'kim'],
    ['composed and decomposed letters', 'Rene\u0301', 'rené'],
    ['letters that fold to two', 'STRASSER', 'straßer'],
    ['white space around and within', ' Kim\u00a0\u00a0Lee ', 'kim lee'],
  ])('are the same person despite %s', (_, one, other) => {
    expect(isSamePerson(one, other)).toBe(true);
  });

  it.each([
    ['kim', 'kam'],
    ['kim.lee', 'kimlee'],
    ['rené', 'rene'],
  ])('are different people for %s and %s', (one, other) => {
    expect(isSamePerson(one, other)).toBe(false);
  });

  it('of nobody are nobody, and never the same person', () => {
    for (const name of [undefined, '', ' ', '\u200b', '\u3164\u0007']) {
      expect(isUnknownPerson(name)).toBe(true);
      expect(isSamePerson(name, name)).toBe(false);
    }
  });
});
