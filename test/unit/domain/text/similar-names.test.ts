import { describe, expect, it } from 'vitest';
import { similarName, similarNames } from '../../../../shared/domain/text/similar-names.ts';

describe('the name that was meant', () => {
  it.each<[string, string, string[]]>([
    ['as it is', 'description', ['name', 'description']],
    ['in another case, with other joints', 'idempotency_KEY', ['idempotencyKey']],
    ['with a letter left out', 'descripton', ['description']],
    ['with a letter too many', 'descriptiion', ['description']],
    ['with another letter', 'descriptiom', ['description']],
    ['with two slips', 'dscripton', ['description']],
    ['with two letters swapped', 'nmae', ['name']],
    ['with two letters swapped at the end', 'naem', ['name']],
    ['with two letters swapped twice', 'edscriptino', ['description']],
    ['nearest of several', 'enable', ['tenable', 'enabled', 'label']],
  ])('%s: %s', (_, word, candidates) => {
    expect(candidates).toContain(similarName(word, candidates));
  });

  it('is the one with fewer slips', () => {
    expect(similarName('moveTo', ['removeTo', 'moveTos', 'movedToo'])).toBe('moveTos');
  });

  it.each<[string, string, string[]]>([
    ['three slips away', 'dscrptin', ['description']],
    ['two slips away from a short name', 'ax', ['id']],
    ['two slips away from a name of five', 'grxxp', ['group']],
    ['far in letters that are not neighbours', 'eman', ['name']],
    ['of which there is no candidate', 'name', []],
    ['too long to be one', 'x'.repeat(41), ['x'.repeat(41)]],
    ['empty', '', ['id']],
  ])('is nobody’s that is %s', (_, word, candidates) => {
    expect(similarName(word, candidates)).toBeUndefined();
  });

  it('may be as long as forty letters', () => {
    expect(similarName('x'.repeat(40), ['x'.repeat(40)])).toBe('x'.repeat(40));
  });
});

it.each<[string, string, string[], string[]]>([
  ['the most similar first, then by name', 'web', ['weba', 'mail', 'webz', 'web'], ['web', 'weba', 'webz']],
  ['at most as many as asked for', 'web', ['webd', 'webc', 'webb', 'weba'], ['weba', 'webb', 'webc']],
  ['also where one contains the other', 'web', ['web apps of the north', 'webs'], ['webs', 'web apps of the north']],
  ['also where it is contained', 'web apps of the north', ['web'], ['web']],
  ['but not by two letters', 'we', ['web apps of the north'], []],
  ['none that differs too much', 'web', ['printer'], []],
  ['none to nothing', ' _-', ['a', ''], []],
  ['none to what is too long', 'x'.repeat(41), ['x'.repeat(41)], []],
  ['also to what is as long as may be', 'x'.repeat(40), ['x'.repeat(40)], ['x'.repeat(40)]],
])('names near to one are listed: %s', (_, word, candidates, expected) => {
  expect(similarNames(word, candidates, 3)).toEqual(expected);
});
