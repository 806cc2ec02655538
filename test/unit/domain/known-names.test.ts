import { describe, expect, it } from 'vitest';
import { namesFromRequest } from '../../../shared/domain/known-names.ts';
import { parsed, rawCreate, rawUpdate } from './sample-changes.ts';

const effect = (added: string[], removed: string[] = []) => ({
  groupId: '9',
  before: null,
  after: null,
  added,
  removed,
});
const update = (applications: object) => parsed(rawUpdate({ applications }));

describe('names that the request tells', () => {
  it('pairs the one name with the one id that is left', () => {
    const change = update({ add: [{ name: 'wiki' }, { id: '42' }], remove: [{ name: 'git' }] });
    expect([...namesFromRequest(change, effect(['41', '42'], ['7']))]).toEqual([
      ['41', 'wiki'],
      ['7', 'git'],
    ]);
    expect([...namesFromRequest(parsed(rawCreate({ applications: [{ name: 'wiki' }] })), effect(['41']))]).toEqual([
      ['41', 'wiki'],
    ]);
  });

  it.each([
    ['two names', { add: [{ name: 'wiki' }, { name: 'git' }] }, ['41', '42']],
    ['two names of which one was a member already', { add: [{ name: 'wiki' }, { name: 'git' }] }, ['41']],
    ['a list that was cut', { add: [{ name: 'wiki' }] }, ['(2 more)']],
    ['a member already', { add: [{ name: 'wiki' }] }, []],
  ])('does not guess: %s', (_, applications, added) => {
    expect(namesFromRequest(update(applications), effect(added)).size).toBe(0);
  });
});
