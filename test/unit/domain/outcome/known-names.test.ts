import { describe, expect, it } from 'vitest';
import { knownNames } from '../../../../shared/domain/outcome/known-names.ts';
import { parsed, rawCreate, rawDelete, rawUpdate } from '../sample-changes.ts';

const effect = (added: string[], removed: string[] = []) => ({
  groupId: '9',
  before: null,
  after: null,
  added,
  removed,
});
const update = (applications: object) => parsed(rawUpdate({ applications }));

describe('names that were read', () => {
  it('go before what the request tells, and fill what it does not', () => {
    const change = update({ add: [{ name: 'wiki' }, { id: '42' }] });
    const named = { ...effect(['41', '42']), names: { 41: 'Wiki', 42: 'Git' } };
    expect([...knownNames(change, named)]).toEqual([
      ['41', 'Wiki'],
      ['42', 'Git'],
    ]);
    expect(knownNames(change, { ...named, names: { 42: 'Git' } }).get('41')).toBe('wiki');
  });
});

describe('names that the request tells', () => {
  it('pairs the one name with the one id that is left', () => {
    const change = update({ add: [{ name: 'wiki' }, { id: '42' }], remove: [{ name: 'git' }] });
    expect([...knownNames(change, effect(['41', '42'], ['7']))]).toEqual([
      ['41', 'wiki'],
      ['7', 'git'],
    ]);
    expect([...knownNames(parsed(rawCreate({ applications: [{ name: 'wiki' }] })), effect(['41']))]).toEqual([
      ['41', 'wiki'],
    ]);
  });

  it('pairs the one name of a whole membership, and of what is there by id too', () => {
    const whole = update({ replace: [{ id: '42' }, { name: 'wiki' }] });
    expect([...knownNames(whole, effect(['41', '42'], ['7']))]).toEqual([['41', 'wiki']]);
  });

  it('knows none of what a delete moves, nor of a change of fields', () => {
    const moved = parsed(rawDelete({ moveApplicationsTo: { name: 'Web Apps' } }));
    expect(knownNames(moved, effect(['41'], ['7'])).size).toBe(0);
    expect(knownNames(parsed(rawUpdate()), effect(['41'], ['7'])).size).toBe(0);
    expect(
      knownNames(parsed(rawCreate({ applications: [{ name: 'wiki' }] })), effect(['41'], ['7'])).get('7'),
    ).toBeUndefined();
  });

  it.each([
    ['two names', { add: [{ name: 'wiki' }, { name: 'git' }] }, ['41', '42']],
    ['two names of which one was a member already', { add: [{ name: 'wiki' }, { name: 'git' }] }, ['41']],
    ['a list that was cut', { add: [{ name: 'wiki' }] }, ['(2 more)']],
    ['a list that was cut after the first', { add: [{ id: '42' }, { name: 'wiki' }] }, ['42', '41', '(2 more)']],
    ['one name and two ids', { add: [{ name: 'wiki' }] }, ['41', '42']],
    ['a member already', { add: [{ name: 'wiki' }] }, []],
  ])('does not guess: %s', (_, applications, added) => {
    expect(knownNames(update(applications), effect(added)).size).toBe(0);
  });
});
