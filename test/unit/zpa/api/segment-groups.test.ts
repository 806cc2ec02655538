import { describe, expect, it } from 'vitest';
import type { UnreadableObject } from '../../../../shared/ports/ports.ts';
import { createApplicationReads } from '../../../../shared/zpa/api/applications.ts';
import { createListMemory } from '../../../../shared/zpa/api/list-memory.ts';
import { createMicrotenantReads } from '../../../../shared/zpa/api/microtenants.ts';
import { collect } from '../../../../shared/zpa/api/paginate.ts';
import { createGroupReads } from '../../../../shared/zpa/api/segment-groups.ts';
import { ZpaError } from '../../../../shared/zpa/http/zpa-error.ts';
import { createMemorySeenLists } from '../../../fakes/memory-seen-lists.ts';
import { scriptedCaller } from '../scripted-caller.ts';

const groupOf = (body: unknown) => createGroupReads(scriptedCaller(() => body).caller).getGroup('1');

describe('a segment group', () => {
  it('is in the Default microtenant where the id of its microtenant is empty, as where it is left out', async () => {
    for (const microtenantId of ['', null, undefined, '0']) {
      expect(await groupOf({ id: '1', name: 'Web', microtenantId })).toMatchObject({ microtenantId: '0' });
      const application = { id: '2', name: 'wiki', microtenantId };
      const reads = createApplicationReads(scriptedCaller(() => application).caller);
      expect(await reads.getApplication('2')).toMatchObject({ microtenantId: '0' });
    }
  });

  it('is read in the recorded shape: ids and times as strings, entities, fields nobody here knows', async () => {
    const group = await groupOf({
      id: '9223372036854775807',
      modifiedTime: '1764191844',
      creationTime: '1764191843',
      modifiedBy: '216196257331372705',
      name: 'R&amp;D &#x2e;east',
      description: '&lt;all&gt;',
      enabled: true,
      configSpace: 'SIEM',
      tcpKeepAliveEnabled: '0',
      microtenantId: '72058304855174572',
      microtenantName: 'East',
      applications: [
        { id: '30', name: 'c', modifiedBy: '72057594037928115', modifiedTime: '1764191000' },
        { id: '20', domainNames: ['a'] },
        { id: '30', name: 'c', modifiedBy: '72057594037928115', modifiedTime: '1764191000' },
      ],
      neverSeenBefore: { deep: [1] },
      readOnly: false,
      zscalerManaged: false,
    });
    expect(group).toEqual({
      id: '9223372036854775807',
      name: 'R&D .east',
      description: '<all>',
      enabled: true,
      configSpace: 'SIEM',
      microtenantId: '72058304855174572',
      applicationIds: ['20', '30'],
      members: new Map([
        ['30', { name: 'c', modifiedBy: '72057594037928115', modifiedTime: 1764191000 }],
        ['20', {}],
      ]),
      readOnly: false,
      modifiedBy: '216196257331372705',
      modifiedTime: 1764191844,
      creationTime: 1764191843,
    });
  });

  it('is read where ZPA leaves out what is unset', async () => {
    expect(await groupOf({ id: '1', name: 'Bare' })).toEqual({
      id: '1',
      name: 'Bare',
      description: '',
      enabled: false,
      configSpace: 'DEFAULT',
      microtenantId: '0',
      applicationIds: [],
      members: new Map(),
      readOnly: false,
      modifiedBy: undefined,
      modifiedTime: undefined,
      creationTime: undefined,
    });
  });

  it.each(['readOnly', 'zscalerManaged', 'restrictedEntity'])('with %s is read only', async (field) => {
    expect((await groupOf({ id: '1', name: 'Decoys', [field]: true })).readOnly).toBe(true);
  });

  it.each(['0', 0, '8640000000001', '999999999999999'])(
    'takes the time %s for unknown, which is none',
    async (time) => {
      const group = await groupOf({ id: '1', name: 'Old', modifiedTime: time, creationTime: time });
      expect(group).toMatchObject({ modifiedTime: undefined, creationTime: undefined });
    },
  );

  it('is read though fields that nobody compares are odd', async () => {
    const odd = { modifiedBy: 123, modifiedTime: true, creationTime: {} };
    const member = { id: '30', name: 7, ...odd };
    const group = await groupOf({ id: '1', name: 'Odd', applications: [member], ...odd });
    expect(group).toMatchObject({ modifiedBy: undefined, modifiedTime: undefined, creationTime: undefined });
    expect(group.members).toEqual(new Map([['30', {}]]));
  });

  it.each([
    ['a fraction for id', { id: 216.5, name: 'x' }],
    ['no name', { id: '216' }],
    ['a word for enabled', { id: '216', name: 'x', enabled: 'true' }],
    ['applications that are no list', { id: '216', name: 'x', applications: { id: '1' } }],
    ['a fraction for the id of a member', { id: '216', name: 'x', applications: [{ id: 30.5 }] }],
    ['a list for its microtenant', { id: '216', name: 'x', microtenantId: ['72'] }],
    ['a word for readOnly', { id: '216', name: 'x', readOnly: 'true' }],
    ['a word for restrictedEntity', { id: '216', name: 'x', restrictedEntity: 'true' }],
    ['a list instead', { totalPages: '1', list: [] }],
  ])('with %s is not guessed at', async (_, body) => {
    await expect(groupOf(body)).rejects.toMatchObject({ code: 'unexpected-answer', fault: { class: 'unknown' } });
  });
});

describe('an application segment', () => {
  it('names its group, or nobody says so', async () => {
    const list = [
      { id: '1', name: 'A&amp;B', enabled: true, segmentGroupId: '9', segmentGroupName: 'G&amp;H', microtenantId: '7' },
      { id: '2', name: 'C', segmentGroupId: '' },
    ];
    const reads = createApplicationReads(scriptedCaller(() => ({ totalPages: '1', list })).caller);
    expect(await reads.findApplications('A&B')).toEqual([
      { id: '1', name: 'A&B', enabled: true, microtenantId: '7', segmentGroupId: '9', segmentGroupName: 'G&H' },
    ]);
    expect((await reads.findApplications('C'))[0]).toMatchObject({ segmentGroupId: undefined, microtenantId: '0' });
  });
});

describe('the stamp of an application segment', () => {
  const one = { id: '1', name: 'A', enabled: true, segmentGroupId: '9', segmentGroupName: 'G' };
  const read = (more: object) =>
    createApplicationReads(scriptedCaller(() => ({ ...one, ...more })).caller).getApplication('1');

  it('is who wrote it and when', async () => {
    const stamp = { modifiedBy: '72057594037928115', modifiedTime: '1764191000' };
    expect(await read(stamp)).toMatchObject({ modifiedBy: '72057594037928115', modifiedTime: 1764191000 });
  });

  it('has a time that a date can hold, or none', async () => {
    for (const modifiedTime of ['999999999999', '1764191000123', '999999999999999']) {
      const { modifiedTime: seconds } = await read({ modifiedTime });
      expect(Number.isNaN(new Date((seconds ?? 0) * 1000).getTime())).toBe(false);
    }
    expect(await read({ modifiedTime: '1764191000123' })).toMatchObject({ modifiedTime: undefined });
  });

  it('may be odd, like the name of its group and whether it is enabled; its group may not', async () => {
    const odd = await read({ modifiedBy: 123, modifiedTime: [], segmentGroupName: 4, enabled: 'yes' });
    expect(odd).toMatchObject({ id: '1', segmentGroupId: '9' });
    expect([odd.modifiedBy, odd.modifiedTime, odd.segmentGroupName, odd.enabled]).toEqual([
      undefined,
      undefined,
      undefined,
      false,
    ]);
    await expect(read({ segmentGroupId: 9.5 })).rejects.toMatchObject({ code: 'unexpected-answer' });
  });
});

describe('an object of a list that cannot be parsed', () => {
  const LIST = [{ id: '1' }, { id: '2', name: 'A' }, { id: [216], name: 'R&amp;D' }, null, 'x', []];
  const WHY = [
    { id: '1', why: 'unexpected at: name' },
    { name: 'R&D', why: 'unexpected at: id' },
    { why: 'unexpected at: the whole object' },
    { why: 'unexpected at: the whole object' },
    { why: 'unexpected at: the whole object' },
  ];
  const envelope = { totalPages: '1', totalCount: `${LIST.length}`, list: LIST };

  it.each([
    ['group', createGroupReads(scriptedCaller(() => envelope).caller).listGroups],
    ['application', createApplicationReads(scriptedCaller(() => envelope).caller).listApplications],
  ])('(a %s) is reported and hides no other; without somebody to report to it hides all', async (_, list) => {
    const odd: UnreadableObject[] = [];
    const read = await collect<{ id: string }>(list({ onUnreadable: (one) => odd.push(one) }));
    expect(read.map(({ id }) => id)).toEqual(['2']);
    expect(odd).toEqual(WHY);
    await expect(collect<{ id: string }>(list())).rejects.toMatchObject({ code: 'unexpected-answer' });
  });
});

describe('microtenants', () => {
  it('are none where the customer has not bought them, and unknown where the question failed', async () => {
    const refusing = (code: string) =>
      createMicrotenantReads(
        scriptedCaller(() => {
          throw new ZpaError('no', { code });
        }).caller,
        createListMemory(createMemorySeenLists(), 'BETA:1'),
      );
    expect(await refusing('feature-disabled').listMicrotenants()).toEqual([]);
    await expect(refusing('forbidden').listMicrotenants()).rejects.toMatchObject({ code: 'forbidden' });
  });
});
