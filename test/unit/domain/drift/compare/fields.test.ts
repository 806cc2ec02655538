import { describe, expect, it } from 'vitest';
import { findingId } from '../../../../../shared/domain/drift/finding-id.ts';
import { desiredFrom, reportOf } from '../../ledger-items.ts';
import { created, live, stated, told } from './samples.ts';

/** Name, description and enabled, against the tickets that approved just these. */

describe('a field that is not as approved', () => {
  it('is a finding of its own, with the change that approved it', () => {
    const records = [
      created(1, '11', 'Web'),
      stated(4, '11', { description: 'all of them' }),
      stated(5, '11', {}, ['101']),
    ];
    const found = live('11', 'Web old', ['101'], { description: 'some of them', enabled: false });
    const { findings } = reportOf(desiredFrom(records), [found]);
    const group = { id: '11', name: 'Web', microtenantId: '0', tenant: 'umbrella' };
    const of = (facet: 'name' | 'description' | 'enabled') => ({
      id: findingId('PRODUCTION:1234567890', '11', facet),
      facet,
      kind: 'changed',
      state: 'new',
      since: { upTo: '2025-11-24T16:00:00.000Z' },
      group,
      writer: { id: '72058304855015425', at: '2025-11-13T02:13:20.000Z', of: 'group', kind: 'unknown' },
    });
    const approval = (key: string, ticket: string) => ({ key, source: 'desk', ticket, at: '2023-11-14T22:13:20.000Z' });
    expect(findings).toEqual([
      {
        ...of('description'),
        before: 'all of them',
        after: 'some of them',
        approval: approval('CHG4', 'T-4'),
        access: { read: 'not-needed' },
      },
      {
        ...of('enabled'),
        before: 'true',
        after: 'false',
        approval: approval('CHG1', 'T-1'),
        access: { read: 'not-read', reason: 'The policy rules were not read.' },
      },
      {
        ...of('name'),
        before: 'Web',
        after: 'Web old',
        approval: approval('CHG1', 'T-1'),
        access: { read: 'not-needed' },
      },
    ]);
  });

  it.each([
    ['in another Unicode form', 'Büro', 'Bu\u0308ro'],
    ['escaped, or escaped again', 'R&D <b>', 'R&amp;amp;D &lt;b&gt;'],
    ['with outer blanks', 'for all ', ' for all'],
  ])('is none %s', (_, approved, found) => {
    const desired = desiredFrom([created(1, '11', approved, [], { description: approved })]);
    expect(
      told(desired, [live('11', found, [], { description: found, configSpace: 'SIEM', modifiedBy: '5' })]),
    ).toEqual([]);
  });

  it('is none that no ticket stated', () => {
    expect(
      told(desiredFrom([stated(1, '11', { enabled: true })]), [live('11', 'Any', ['5'], { description: 'x' })]),
    ).toEqual([]);
  });
});

describe('the id of a finding', () => {
  it('depends on lane, group and facet alone', () => {
    const ids = [
      findingId('A', '11', 'name'),
      findingId('B', '11', 'name'),
      findingId('A', '12', 'name'),
      findingId('A', '11', 'app:1'),
      findingId('A', '1', '1app:1' as never),
    ];
    expect(new Set(ids).size).toBe(5);
    expect(ids[0]).toBe('D-f1ca2a0f');
    expect(findingId('A', '11', 'name')).toBe(ids[0]);
  });
});
