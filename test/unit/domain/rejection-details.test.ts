import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutDetails } from '../../../shared/domain/cuts.ts';
import { type DetailTable, detailTables } from '../../../shared/domain/rejection-details.ts';

/** A table as lines: caption, headings, rows, note. */
function lines({ caption, columns, rows, note }: DetailTable): string[] {
  const shown = rows.map((row) => row.map(({ text, id }) => (id === undefined ? text : `${text} [${id}]`)).join(' | '));
  return [
    caption,
    ...(columns.length === 0 ? [] : [columns.join(' | ')]),
    ...shown,
    ...(note === undefined ? [] : [note]),
  ];
}

describe('the details of a rejection', () => {
  it('name the candidates, quoted where spaces would go unseen', () => {
    const candidates = [
      { id: '1', name: 'VPN' },
      { id: '2', name: 'VPN ' },
      { id: '3', name: '' },
    ];
    expect(detailTables({ code: 'group-name-ambiguous', details: { candidates } }).map(lines)).toEqual([
      ['Segment groups that answer to the name', 'Name | Id', 'VPN | 1', '“VPN ” | 2', '(no name) | 3'],
    ]);
  });

  it('name the rules that name a group; columns without values are left out', () => {
    const rule = {
      policyType: 'ACCESS_POLICY',
      ruleId: '7',
      ruleName: 'Engineers',
      ruleOrder: '2',
      microtenantId: '0',
    };
    expect(detailTables({ code: 'group-in-use', details: { rules: [rule] } }).map(lines)).toEqual([
      ['Policy rules that name the group', 'Rule | Policy | Order', 'Engineers [7] | Access policy | 2'],
    ]);
  });

  it('name applications with their groups, or list bare ids', () => {
    const applications = [{ id: '7', name: 'wiki', group: { id: '9', name: 'Web' } }];
    expect(detailTables({ code: 'application-in-other-group', details: { applications } }).map(lines)).toEqual([
      ['Application segments in other groups', 'Application segment | Its group', 'wiki [7] | Web [9]'],
    ]);
    expect(
      detailTables({ code: 'group-not-empty', details: { applications: ['7', '8', '(90 more)'] } }).map(lines),
    ).toEqual([['Application segments still in the group', 'Application segment', '7', '8', 'And 90 more.']]);
  });

  it('hold expected against found', () => {
    const differences = [{ field: 'enabled', expected: 'true', found: 'false' }];
    expect(detailTables({ code: 'precondition-failed', details: { differences } }).map(lines)).toEqual([
      ['What the ticket expects, and what was found', 'Field | Expected | Found', 'enabled | yes | no'],
    ]);
  });

  it('hold before, intended and live side by side', () => {
    const group = { name: 'VPN', description: '', enabled: false, applicationCount: 2 };
    const live = { id: '9', ...group, enabled: true, modifiedBy: '77', modifiedTime: 1_764_576_000 };
    const details = { before: group, intended: null, live, writeId: 'w-1' };
    expect(detailTables({ code: 'outcome-unknown', details }).map(lines)).toEqual([
      [
        'The segment group before, as intended, and as it lives now',
        'Field | Before | Intended | Live',
        'Name | VPN | – | VPN',
        'Description | (empty) | – | (empty)',
        'Enabled | no | – | yes',
        'Applications | 2 | – | 2',
        'Last written 2025-12-01 08:00:00 UTC by 77.',
      ],
      ['More about it', 'Write id | w-1'],
    ]);
  });

  it('tell what ZPA answered', () => {
    const zpaError = { status: 400, zpaId: 'bad.name', reason: 'No.' };
    expect(detailTables({ code: 'zpa-refused', zpaError }).map(lines)).toEqual([
      ['What ZPA answered', 'Reason | No.', 'Error | bad.name', 'Status | 400'],
    ]);
  });

  it('lose no value of a shape that nobody expected, cut or not', () => {
    const value = fc.anything({ values: [fc.string(), fc.integer(), fc.constant('MARK')], maxDepth: 3 });
    const names = ['candidates', 'rules', 'applications', 'differences', 'before', 'live', 'cut', 'else'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (details) => {
        for (const one of [details, cutDetails(details, 200)]) {
          expect(() => detailTables({ code: 'unclassified', details: one })).not.toThrow();
        }
      }),
    );
    expect(lines(detailTables({ code: 'unclassified', details: { else: { a: ['MARK'] } } })[0] as DetailTable)).toEqual(
      ['More about it', 'Else | a: MARK'],
    );
  });
});
