import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { truncateDetails } from '../../../../shared/domain/ledger/truncation.ts';
import { type DetailTable, detailTables } from '../../../../shared/domain/outcome/rejection-details.ts';

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
        'Application segments | 2 | – | 2',
        'Last written 2025-12-01T08:00:00Z by 77.',
      ],
      ['Other details', 'Write id | w-1'],
    ]);
  });

  it('name the rejection that this one follows from, with its reason as far as it is known', () => {
    const told = (causedBy: object) => detailTables({ code: 'not-attempted', details: { causedBy } }).map(lines);
    const known = { idempotencyKey: 'CHG1/1', code: 'application-not-found', sentence: 'no application segment "Pay"' };
    const line = 'Caused by | CHG1/1 (application-not-found): no application segment "Pay"';
    expect(told(known)).toEqual([['Other details', line]]);
    expect(told({ idempotencyKey: 'CHG1/1' })).toEqual([['Other details', 'Caused by | CHG1/1']]);
  });

  it('tell what ZPA answered', () => {
    const zpaError = { status: 400, zpaId: 'bad.name', reason: 'No.' };
    expect(detailTables({ code: 'zpa-refused', zpaError }).map(lines)).toEqual([
      ['What ZPA answered', 'Reason | No.', 'Error | bad.name', 'Status | 400'],
    ]);
  });

  it('say in which microtenant a rule is, if not in the default one', () => {
    const rule = { policyType: 'ACCESS_POLICY', ruleId: '7', ruleName: 'Engineers' };
    const rules = [{ ...rule, microtenantId: '42' }, { ...rule, ruleId: '8', microtenantId: '0' }, rule];
    expect(detailTables({ code: 'group-in-use', details: { rules } }).map(lines)).toEqual([
      [
        'Policy rules that name the group',
        'Rule | Policy | Microtenant',
        'Engineers [7] | Access policy | 42',
        'Engineers [8] | Access policy | ',
        'Engineers [7] | Access policy | ',
      ],
    ]);
  });

  it('tell headings of rows and columns of codes', () => {
    const shapeOf = (told: Parameters<typeof detailTables>[0]) =>
      detailTables(told).map(({ rowHeads, codes }) => ({ rowHeads, codes }));
    const details = {
      candidates: [{ id: '1', name: 'VPN' }],
      differences: [{ field: 'name', expected: 'a', found: 'b' }],
    };
    expect(shapeOf({ code: 'unclassified', details })).toEqual([
      { rowHeads: false, codes: [1] },
      { rowHeads: true, codes: [0] },
    ]);
    expect(shapeOf({ code: 'unclassified', details: { live: { name: 'a' }, more: 1 } })).toEqual([
      { rowHeads: true, codes: [] },
      { rowHeads: true, codes: [] },
    ]);
  });

  it('hold what is known of the three states, and who wrote last as far as that is known', () => {
    const tableOf = (live: unknown) => detailTables({ code: 'outcome-unknown', details: { live } }).map(lines);
    const head = ['The segment group before, as intended, and as it lives now', 'Field | Before | Intended | Live'];
    expect(tableOf({ name: 'VPN' })).toEqual([[...head, 'Name | – | – | VPN']]);
    expect(tableOf({ modifiedTime: 0 })).toEqual([[...head, 'Last written 1970-01-01T00:00:00Z.']]);
    expect(tableOf({ modifiedTime: 'long ago' })).toEqual([[...head, 'Last written long ago.']]);
    expect(tableOf({ modifiedTime: 8.64e12 })).toEqual([[...head, 'Last written 8640000000000.']]);
  });

  it('show one value as a list of one, and a name without an id alone', () => {
    expect(detailTables({ code: 'unclassified', details: { applications: { name: 'wiki' } } }).map(lines)).toEqual([
      ['Application segments', 'Application segment', 'wiki'],
    ]);
    const [named] = detailTables({ code: 'unclassified', details: { applications: [{ name: 'wiki' }] } });
    expect(named?.rows).toEqual([[{ text: 'wiki' }]]);
  });

  it('hold no table where ZPA said nothing', () => {
    expect(detailTables({ code: 'zpa-refused', zpaError: {} })).toEqual([]);
    expect(detailTables({ code: 'zpa-refused' })).toEqual([]);
  });

  it('say what was left out', () => {
    expect(detailTables({ code: 'unclassified', details: { cut: 'it did not fit' } }).map(lines)).toEqual([
      ['Details', 'It did not fit.'],
    ]);
  });

  it('join what is in lists and objects', () => {
    const details = { some: ['a', { b: 1, c: null }], none: null };
    expect(detailTables({ code: 'unclassified', details }).map(lines)).toEqual([
      ['Other details', 'Some | a, b: 1, c: ', 'None | '],
    ]);
  });

  it('lose no value of a shape that nobody expected, cut or not', () => {
    const value = fc.anything({ values: [fc.string(), fc.integer(), fc.constant('MARK')], maxDepth: 3 });
    const names = ['candidates', 'rules', 'applications', 'differences', 'before', 'live', 'cut', 'else'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (details) => {
        for (const one of [details, truncateDetails(details, 200)]) {
          expect(() => detailTables({ code: 'unclassified', details: one })).not.toThrow();
        }
      }),
    );
    expect(lines(detailTables({ code: 'unclassified', details: { else: { a: ['MARK'] } } })[0] as DetailTable)).toEqual(
      ['Other details', 'Else | a: MARK'],
    );
  });
});
