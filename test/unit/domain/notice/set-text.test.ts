import { describe, expect, it } from 'vitest';
import { NOTICES } from '../../../../shared/deployment/resources.ts';
import { REJECTIONS, type RejectionCode } from '../../../../shared/domain/change/rejection-codes.ts';
import { NOTIFY_TIMING, retryPause } from '../../../../shared/domain/notice/retry-schedule.ts';
import { fillFields } from '../../../../shared/domain/notice/set-result.ts';
import { type SetLine, setSummary, setText } from '../../../../shared/domain/notice/set-text.ts';
import { requesterStep } from '../../../../shared/domain/outcome/requester-step.ts';
import { adfLines, toJiraAdf } from '../../../../shared/domain/text/jira-adf.ts';
import { toServiceNowJournal } from '../../../../shared/domain/text/servicenow-journal.ts';
import { toTerminal } from '../../../../shared/domain/text/terminal.ts';
import { anApplied, anUpdate, aRejected } from '../../../fakes/records.ts';
import { largestApplied, largestRejection } from '../../../fakes/worst-case.ts';
import { parsed, rawAccept, rawCreate, rawDelete, rawUpdate } from '../sample-changes.ts';

const aLine = (overrides: Partial<SetLine> = {}): SetLine => ({
  index: 1,
  change: anUpdate(),
  outcome: anApplied(),
  statusUrl: 'https://front.example.org/changes/abc',
  ...overrides,
});

const ended = (kind: 'cancelled' | 'superseded') => ({
  ...{ kind, by: 'david', reason: 'no longer wanted', at: 0, attempts: 0, generation: 1 },
});

const texts = (lines: SetLine[], size = lines.length) => toTerminal(setText(lines, size)).split('\n');

/** The one row of a table, and what is said beneath it. */
const told = (line: Partial<SetLine>) => {
  const text = setText([aLine(line)], 1);
  const table = text.find(({ kind }) => kind === 'table');
  const [row = []] = table?.kind === 'table' ? table.rows : [];
  return { row, rest: toTerminal(text.slice(2)).split('\n') };
};

describe('what is said of one change', () => {
  it('is a summary, one row, the policy impact and one link', () => {
    expect(setText([aLine()], 1)).toEqual([
      { kind: 'heading', text: 'The change is live in ZPA.' },
      {
        kind: 'table',
        columns: ['Segment group in acme-test', 'Change', 'Result'],
        rows: [['Printers', 'Enable', 'Live']],
      },
      { kind: 'line', text: 'Policy impact not checked: Rules are not read yet.' },
      { kind: 'link', label: 'Status page', url: 'https://front.example.org/changes/abc' },
    ]);
  });

  it('a creation and a deletion are called so', () => {
    const group = { name: 'Printers', description: 'All of them', enabled: true, applicationCount: 1 };
    const effect = { groupId: '1', before: null, after: group, added: ['72057594037932001'], removed: [] };
    expect(told({ outcome: anApplied({ effect }) }).row[1]).toBe(
      'Create, enabled. Description: All of them. Add 1 application segment: 72057594037932001',
    );
    const gone = { groupId: '1', before: group, after: null, added: [], removed: [] };
    expect(told({ outcome: anApplied({ effect: gone }) }).row[1]).toBe('Delete');
  });

  it('fields are told with what they were, and a new name', () => {
    const { effect } = anApplied();
    const before = { name: 'Printers', description: '', enabled: true, applicationCount: 2 };
    const after = { name: 'Print', description: 'All', enabled: false, applicationCount: 2 };
    expect(told({ outcome: anApplied({ effect: { ...effect, before, after } }) }).row[1]).toBe(
      'Rename to "Print". Disable. Description: (empty) → All',
    );
  });

  it('a group that the ticket names by its id is called by its name', () => {
    const change = anUpdate({ group: { id: '72057594037931001' } });
    expect(told({ change }).row[0]).toBe('Printers');
    expect(told({ change, outcome: aRejected() }).row[0]).toBe('72057594037931001');
  });

  it.each<[string, object, string]>([
    ['create', rawCreate({ applications: [{ name: 'ssh' }] }), 'Create. Add 1 application segment: ssh'],
    ['delete', rawDelete(), 'Delete'],
    [
      'delete that moves',
      rawDelete({ moveApplicationsTo: { name: 'Rest' } }),
      'Delete. Move its application segments to Rest',
    ],
    ['replacement', rawUpdate({ applications: { replace: [] } }), 'Remove all application segments'],
    [
      'whole list',
      rawUpdate({ applications: { replace: [{ name: 'a' }, { id: '42' }] } }),
      'Application segments: a, 42',
    ],
    [
      'move',
      rawUpdate({ applications: { remove: [{ name: 'a' }] }, moveTo: { name: 'Rest' } }),
      'Remove 1 application segment: a. What leaves goes to Rest',
    ],
    [
      'new fields',
      rawUpdate({ set: { name: 'Net', enabled: false, description: '' } }),
      'Rename to "Net". Disable. Description: (empty)',
    ],
    ['accept', rawAccept({ enabled: true }), 'Accept it as it is in ZPA'],
    ['accept of an absence', rawAccept('absent'), 'Accept that ZPA no longer has it'],
  ])('a rejected %s shows what was asked for', (_, raw, asked) => {
    expect(told({ change: parsed(raw), outcome: aRejected() }).row[1]).toBe(asked);
  });

  it('an accept is recorded, and no rule was checked', () => {
    const change = parsed({ ...rawAccept({ enabled: true }, { id: '72057594037931001' }), tenant: 'acme-test' });
    const { writeId: _, overtaken: __, ...same } = anApplied();
    const { row, rest } = told({ change, outcome: { ...same, kind: 'unchanged' } });
    expect(row).toEqual(['Printers', 'Accept it as it is in ZPA', 'Recorded as approved']);
    expect(rest).toEqual(['Status page: https://front.example.org/changes/abc']);
  });

  it('what was so already is live', () => {
    const { writeId: _, overtaken: __, effect, ...same } = anApplied();
    const outcome = { ...same, kind: 'unchanged' as const, effect: { ...effect, before: effect.after } };
    expect(told({ outcome }).row).toEqual(['Printers', 'Enable', 'Live already']);
  });

  it('an application segment that was there, or absent, before is not told as one that joined or left', () => {
    const change = anUpdate({ applications: { add: [{ name: 'Wiki' }, { name: 'Docs' }], remove: [{ id: '9' }] } });
    const { effect, approved } = anApplied();
    const members = { has: ['7', '8'], hasNot: ['9'] };
    const names = { '7': 'Wiki', '8': 'Docs' };
    const mixed = anApplied({ effect: { ...effect, names, added: ['8'] }, approved: { ...approved, members } });
    expect(told({ change, outcome: mixed }).row[1]).toBe(
      'Enable. Add 1 application segment: Docs. Already there: Wiki. Already absent: 9',
    );
    const cut = anApplied({ effect: { ...effect, added: ['8', '(1 more)'] }, approved: { ...approved, members } });
    expect(told({ change, outcome: cut }).row[1]).not.toContain('Already');
    const { writeId: _, overtaken: __, ...same } = mixed;
    const outcome = { ...same, kind: 'unchanged' as const, effect: { ...effect, names, before: effect.after } };
    expect(told({ change, outcome }).row.slice(1)).toEqual([
      'Enable. Already there: Wiki, Docs. Already absent: 9',
      'Live already',
    ]);
  });

  it('a name that the ticket gave stands for its id', () => {
    const change = anUpdate({ applications: { add: [{ name: 'Wiki' }] } });
    const { effect } = anApplied();
    const outcome = anApplied({ effect: { ...effect, before: effect.after, added: ['72057594037932001'] } });
    expect(told({ change, outcome }).row[1]).toBe('Add 1 application segment: Wiki');
  });

  it('what somebody else did meanwhile is said beneath, and what moved in the row', () => {
    const overtaken = [{ field: 'description', expected: 'a', found: 'b' }];
    const { effect } = anApplied();
    const moves = [{ from: { id: '1', name: 'Old' }, to: { id: '2', name: 'New' }, applicationIds: ['7'] }];
    const { row, rest } = told({ outcome: anApplied({ overtaken, effect: { ...effect, moves } }) });
    expect(row.slice(1)).toEqual(['Enable. Move out of "Old" into "New": 7', 'Live, edited by somebody else since']);
    expect(rest).toContain('- Printers: description is now "b"');
  });

  it.each([
    ['cancelled', 'Cancelled by david: No longer wanted.'],
    ['superseded', 'Replaced by david: No longer wanted.'],
  ] as const)('a change that was %s tells by whom and why, and that a new approval brings it back', (kind, result) => {
    const outcome = { kind, by: 'david', reason: 'no longer wanted', at: 0, attempts: 0, generation: 1 };
    const { row, rest } = told({ outcome });
    expect(row[2]).toBe(result);
    expect(rest[0]).toBe('What was cancelled or replaced comes back with a new approval only.');
  });

  it('of twenty application segments and more the rest is counted, and what was removed is listed too', () => {
    const { effect } = anApplied();
    const ids = (count: number) => Array.from({ length: count }, (_, i) => String(100 + i));
    const said = (added: string[], removed: string[] = []) =>
      told({ outcome: anApplied({ effect: { ...effect, before: effect.after, added, removed } }) }).row[1];
    expect(said(ids(20))).toBe(`Add 20 application segments: ${ids(20).join(', ')}`);
    expect(said(ids(22), ['7'])).toBe(
      `Add 22 application segments: ${ids(20).join(', ')} and 2 others. Remove 1 application segment: 7`,
    );
  });

  it('a rejection has its reason, its field, what ZPA said, the next step and its code', () => {
    const zpaError = {
      ...({ code: 'refused', class: 'permanent', scope: 'change', effect: 'none' } as const),
      reason: 'No\nway',
    };
    const { row, rest } = told({ outcome: aRejected({ path: 'group.name', zpaError, generation: 3 }) });
    expect(row[2]).toBe(
      'Rejected (retry 2): There is no segment group "Printers" in acme-test. Field: group.name. ZPA said: No way. ' +
        'Next step: Correct the group in the ticket. (group-not-found)',
    );
    expect(rest[0]).toBe('To try again, correct the ticket and have it approved again, or open a new one.');
  });
});

it('says nothing of another try where only an operator can help', () => {
  const { rest } = told({ outcome: aRejected({ code: 'outcome-unknown', remedy: 'Compare, then redrive.' }) });
  expect(rest).toEqual(['Status page: https://front.example.org/changes/abc']);
});

describe('what is said of a set', () => {
  const applied = (index: number, over: Parameters<typeof anApplied>[0] = {}) =>
    aLine({ index, outcome: anApplied(over), statusUrl: `https://front.example.org/changes/${index}` });

  it.each<[string, (SetLine['outcome'] | 'gone')[]]>([
    ['All 2 changes are live in ZPA.', [anApplied(), anApplied()]],
    ['3 of 5 changes are live; 2 need your attention.', [...Array(3).fill(anApplied()), aRejected(), aRejected()]],
    ['None of the 2 changes is live; 2 need your attention.', [aRejected(), aRejected()]],
    ['1 of 3 changes is live; 1 needs your attention; 1 is not finished.', [anApplied(), aRejected(), undefined]],
    ['1 of 3 changes is live; 2 are not finished.', [anApplied(), 'gone', 'gone']],
    [
      'None of the 3 changes is live; 2 were cancelled; 1 was replaced.',
      [ended('cancelled'), ended('cancelled'), ended('superseded')],
    ],
  ])('%s', (summary, outcomes) => {
    const lines = outcomes.flatMap((outcome, at) => (outcome === 'gone' ? [] : [aLine({ index: at + 1, outcome })]));
    expect(setSummary(lines, outcomes.length)).toBe(summary);
  });

  it('is one row each in the order of the ticket, and one link: to the change that needs attention', () => {
    const lines = [
      aLine({ index: 3, outcome: undefined }),
      aLine({ index: 2, outcome: aRejected(), statusUrl: 'https://front.example.org/changes/2' }),
      applied(1),
    ];
    expect(texts(lines)).toEqual([
      '1 of 3 changes is live; 1 needs your attention; 1 is not finished.',
      'Segment group in acme-test  Change  Result',
      'Printers                    Enable  Live',
      expect.stringMatching(/^Printers {20}Enable {2}Rejected: There is no segment group "Printers"/),
      'Printers                    Enable  Not finished',
      'Policy impact not checked: Rules are not read yet.',
      'To try again, correct the ticket and have it approved again, or open a new one.',
      'Status page of the 3 changes: https://front.example.org/changes/2',
    ]);
  });

  it('names the tenant of each row where there are several', () => {
    const other = aLine({ index: 2, change: anUpdate({ tenant: 'acme-lab', microtenant: 'emea' }) });
    const [, , ...rows] = texts([applied(1), other]);
    expect(rows[0]).toMatch(/^Printers in acme-test {6}/);
    expect(rows[1]).toMatch(/^Printers in acme-lab, emea /);
  });

  it('says each note once: what is not licensed, why rules were not checked, the policy impact', () => {
    const checked = { status: 'checked' as const, summary: 'No policy rule gains or loses an application segment.' };
    const reach = { ...checked, rules: [], ruleCount: 0, skipped: ['TIMEOUT_POLICY', 'SIEM_POLICY'] };
    const lines = [1, 2, 3].map((index) => applied(index, { reach }));
    const unread = [4, 5].map((index) => applied(index));
    expect(texts([...lines, ...unread]).slice(-4)).toEqual([
      'Policy impact: No policy rule gains or loses an application segment.',
      'Policy impact not checked: Rules are not read yet.',
      'Not licensed, so not read: TIMEOUT_POLICY, SIEM_POLICY.',
      'Status page of the 5 changes: https://front.example.org/changes/1',
    ]);
  });

  it('lists ten policy rules of all its changes, those that alter access first, and counts the others', () => {
    const none = { count: 0, sure: 'no' as const, applications: [] };
    const rules = Array.from({ length: 6 }, (_, at) => ({
      ...{ policyType: 'ACCESS_POLICY', ruleId: `${at}`, ruleName: `R${at}`, ruleOrder: `${at}`, action: 'ALLOW' },
      ...{ microtenantId: '0', disabled: false, loses: none, exposes: 'yes' as const, interrupts: 'no' as const },
      gains: { count: 1, sure: 'yes' as const, applications: [{ id: '7', name: 'Wiki' }] },
    }));
    const reach = { status: 'checked' as const, summary: '6 policy rules are affected.', rules, ruleCount: 6 };
    const said = texts([1, 2].map((index) => applied(index, { reach })));
    expect(said).toContain('Policy impact: 6 policy rules gain or lose application segments.');
    expect(said).toContain(
      '- Printers: "R0" (ACCESS_POLICY, order 0, ALLOW) gains 1 application segment (Wiki), which opens access.',
    );
    expect(said.filter((one) => one.includes('opens access'))).toHaveLength(10);
    expect(said).toContain('- And 2 more.');
    const neutral = rules.map((one) => ({ ...one, ruleId: `n${one.ruleId}`, exposes: 'no' as const }));
    const most = { ...reach, rules: [...neutral, ...neutral], ruleCount: 30 };
    const hidden = texts([applied(1, { reach: most }), applied(2, { reach })]);
    expect(hidden).toContain('Policy impact: at least 30 policy rules gain or lose application segments.');
    expect(hidden.filter((one) => one.includes('opens access'))).toHaveLength(6);
    expect(texts([applied(1, { reach: { ...reach, rules: rules.slice(0, 1), ruleCount: 1 } })])).toContain(
      '- "R0" (ACCESS_POLICY, order 0, ALLOW) gains 1 application segment (Wiki), which opens access.',
    );
  });

  it('fits a comment of either system, however much happened, and keeps summary and page', () => {
    const group = { name: 'N'.repeat(255) };
    const [most, rejected] = [largestApplied(), largestRejection()];
    const lines = Array.from({ length: 1000 }, (_, at) =>
      aLine({ index: at + 1, change: anUpdate({ group }), outcome: at % 2 === 0 ? most : rejected }),
    );
    const text = setText(lines, 1000);
    for (const shown of [adfLines(toJiraAdf(text, 'marker-0001')).join('\n'), toServiceNowJournal(text)]) {
      expect(shown).toContain('500 of 1000 changes are live; 500 need your attention.');
      expect(shown).toMatch(/… \d+ more (rows|lines), see the page\./);
      expect(shown).toContain('Status page of the 1000 changes');
    }
  });
});

describe('the next step for the person who asked', () => {
  const OPERATORS =
    /redrive|retry|discard|dismiss|restore|configuration|settings|lane|queue|portal|expression|`|in the failure/i;

  it.each(Object.entries(REJECTIONS))('of %s names no act of an operator', (code, row) => {
    expect(row.requester).not.toMatch(OPERATORS);
    expect(requesterStep({ code: code as RejectionCode, remedy: row.remedy })).toBe(row.requester);
  });

  it.each([
    ['guarded', 'Fix what prevents reading the policy rules, then retry.'],
    ['guarded', 'Check the plan in the details; once the tenant is in mode "apply", retry.'],
    ['not-permitted', 'Ask the owner of the settings to grant it to the source.'],
    ['zpa-refused', 'Find out in ZPA what else changes the same objects, then retry.'],
    ['not-attempted', 'Have the record restored, then retry.'],
    [
      'application-in-other-group',
      'Application segments are not moved across microtenants; do this in the ZPA admin portal.',
    ],
    ['outcome-unknown', 'Finish the move in the ZPA admin portal, then dismiss; or put the application segments back.'],
    ['invalid-change', 'Try the expression with: zpa-changes sources test.'],
    ['invalid-change', 'Correct the expression; docs.jsonata.org explains the language.'],
    ['invalid-change', 'Use a mapping table in place of JSONata, or a function that evaluates it.'],
    ['zpa-refused', 'Find out whether ZPA or a gateway limits calls about these objects, then retry.'],
    ['not-attempted', 'Restart it with `failures show`.'],
    ['not-attempted', 'Start it again with --accept-stale.'],
  ] as const)('of %s is not %s', (code, remedy) => {
    expect(requesterStep({ code, remedy })).toBe(REJECTIONS[code].requester);
  });

  it('is the remedy of the case where a requester can follow it', () => {
    const remedy = 'Have a second person approve the ticket, then send the change again under the new approval.';
    expect(requesterStep({ code: 'guarded', remedy })).toBe(remedy);
  });

  it.each([
    ['Use one of: "on", "off"; or add it to the row\'s lookup.', 'Use one of: "on", "off".'],
    ['Fill in record.zpa_group on the ticket, or give the row a default.', 'Fill in record.zpa_group on the ticket.'],
    ['Let the row read a field that holds text.', REJECTIONS['invalid-change'].requester],
    ['Correct the mapping.', REJECTIONS['invalid-change'].requester],
    ['Let "each" read a list of objects or of texts.', REJECTIONS['invalid-change'].requester],
    ['Leave it out, or use one of: name, enabled.', 'Leave it out, or use one of: name, enabled.'],
  ])('of a ticket that cannot be read, "%s", is "%s"', (remedy, step) => {
    expect(requesterStep({ code: 'invalid-change', remedy })).toBe(step);
  });

  it('names what was perhaps meant', () => {
    const remedy = 'Perhaps meant: "Console". Correct the group.';
    expect(requesterStep({ code: 'group-not-found', remedy, details: { nearest: ['Console', 7] } })).toBe(
      `Perhaps meant: "Console". ${REJECTIONS['group-not-found'].requester}`,
    );
  });
});

describe('what goes with a transition', () => {
  it('has the summary wherever it is asked for, as it is, and nothing else changed', () => {
    const fields = {
      notes: 'Done: {summary}',
      list: ['{summary}', 1],
      deep: { text: '{summary}' },
      flag: true,
      none: null,
    };
    const summary = 'All $& 2 changes are in effect.';
    expect(fillFields(fields, summary)).toEqual({
      notes: `Done: ${summary}`,
      list: [summary, 1],
      deep: { text: summary },
      flag: true,
      none: null,
    });
  });
});

describe('the retry schedule', () => {
  it('is the one of Standard Webhooks, with up to a tenth more, and the ticket system’s wish if that is longer', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 99].map((count) => retryPause(NOTIFY_TIMING, count, 0) / 1000);
    expect(pauses).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000, 36_000, 36_000]);
    expect(retryPause(NOTIFY_TIMING, 1, 0.999)).toBeLessThan(5500);
    expect(retryPause(NOTIFY_TIMING, 1, 0, 60_000)).toBe(60_000);
    expect(retryPause(NOTIFY_TIMING, 3, 0, 60_000)).toBe(1_800_000);
  });

  it('fits what SQS can hide, and the queue keeps a message for all of it', () => {
    const longest = retryPause(NOTIFY_TIMING, 99, 1);
    expect(longest).toBeLessThanOrEqual(12 * 3_600_000);
    const all = Array.from({ length: NOTICES.maxReceiveCount }, (_, at) => retryPause(NOTIFY_TIMING, at + 1, 1));
    expect(all.reduce((sum, one) => sum + one, 0)).toBeLessThan(NOTICES.retentionSeconds * 1000);
    expect(NOTICES.maxReceiveCount).toBeGreaterThan(NOTIFY_TIMING.retryMs.length + 1);
  });
});
