import { describe, expect, it } from 'vitest';
import { contentDifferences, hasSameStamp } from '../../../../shared/domain/decide/group-content.ts';
import { aGroup } from '../sample-live.ts';

describe('two reads of a group', () => {
  const group = aGroup('1', { modifiedTime: 1000, modifiedBy: '900' });
  const differs = (over: Parameters<typeof aGroup>[1]) => [
    hasSameStamp(group, { ...group, ...over }),
    hasSameStamp({ ...group, ...over }, group),
  ];

  it('with one stamp saw no write in between, by anybody, in any second', () => {
    expect(hasSameStamp(group, { ...group, name: 'Other' })).toBe(true);
    expect(differs({ modifiedTime: 1001 })).toEqual([false, false]);
    expect(differs({ modifiedBy: '700' })).toEqual([false, false]);
  });

  it('say nothing against it where either has no stamp', () => {
    expect(differs({ modifiedTime: undefined, modifiedBy: undefined })).toEqual([true, true]);
  });
});

it('a name or description is the same in every form in which ZPA and a ticket may spell it', () => {
  const sent = aGroup('1', { name: 'R&amp;D', description: '&lt;b&gt; Bu\u0308ro' });
  expect(contentDifferences(sent, { ...sent, name: 'R&D', description: '<b> Büro' })).toEqual([]);
  expect(contentDifferences(sent, { ...sent, name: 'R&E', description: '' })).toEqual(['name', 'description']);
});
