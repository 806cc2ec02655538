import { describe, expect, it } from 'vitest';
import { createApplicationReads } from '../../../../shared/zpa/api/applications.ts';
import { createListMemory } from '../../../../shared/zpa/api/list-memory.ts';
import { createMicrotenantReads } from '../../../../shared/zpa/api/microtenants.ts';
import { createGroupReads } from '../../../../shared/zpa/api/segment-groups.ts';
import { ZpaError } from '../../../../shared/zpa/http/zpa-error.ts';
import { createMemorySeenLists } from '../../../fakes/memory-seen-lists.ts';
import { scriptedCaller } from '../scripted-caller.ts';

const groupOf = (body: unknown) => createGroupReads(scriptedCaller(() => body).caller).getGroup('1');

describe('a segment group', () => {
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
      applications: [{ id: '30', name: 'c' }, { id: '20', domainNames: ['a'] }, { id: '30' }],
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
      memberNames: new Map([['30', 'c']]),
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
      memberNames: new Map(),
      readOnly: false,
      modifiedBy: undefined,
      modifiedTime: undefined,
      creationTime: undefined,
    });
  });

  it.each(['readOnly', 'zscalerManaged'])('with %s is read only', async (field) => {
    expect((await groupOf({ id: '1', name: 'Decoys', [field]: true })).readOnly).toBe(true);
  });

  it.each([
    ['a number for id', { id: 216, name: 'x' }],
    ['no name', { id: '216' }],
    ['a word for enabled', { id: '216', name: 'x', enabled: 'true' }],
    ['applications that are no list', { id: '216', name: 'x', applications: { id: '1' } }],
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
