import { describe, expect, it } from 'vitest';
import { NOTICES } from '../../../../shared/deployment/resources.ts';
import { NOTIFY_TIMING, retryPause } from '../../../../shared/domain/notice/retry-schedule.ts';
import { fillFields } from '../../../../shared/domain/notice/set-result.ts';
import { type SetLine, setText } from '../../../../shared/domain/notice/set-text.ts';
import { adfLines, toJiraAdf } from '../../../../shared/domain/text/jira-adf.ts';
import { toServiceNowJournal } from '../../../../shared/domain/text/servicenow-journal.ts';
import { toTerminal } from '../../../../shared/domain/text/terminal.ts';
import { anApplied, anUpdate, aRejected } from '../../../fakes/records.ts';
import { largestApplied, largestRejection } from '../../../fakes/worst-case.ts';
import { parsed, rawAccept, rawCreate } from '../sample-changes.ts';

const aLine = (overrides: Partial<SetLine> = {}): SetLine => ({
  index: 1,
  change: anUpdate(),
  outcome: anApplied(),
  statusUrl: 'https://front.example.org/changes/abc',
  answered: false,
  ...overrides,
});

const texts = (lines: SetLine[], size = lines.length) => toTerminal(setText(lines, size)).split('\n');

describe('what is said of one change', () => {
  it('a creation and a deletion have only one side', () => {
    const group = { name: 'Printers', description: 'All of them', enabled: true, applicationCount: 1 };
    const effect = { groupId: '1', before: null, after: group, added: ['72057594037932001'], removed: [] };
    expect(texts([aLine({ outcome: anApplied({ effect }) })])).toEqual([
      'ZPA segment groups: The change is in effect.',
      'Update segment group "Printers" in acme-test: applied.',
      '- name: none → "Printers"',
      '- enabled: none → "yes"',
      '- description: none → "All of them"',
      '- applications: none → "1"',
      'Application segments added: 72057594037932001.',
      'Policy impact: Not checked: rules are not read yet.',
      'Status: https://front.example.org/changes/abc',
    ]);
    const gone = { groupId: '1', before: group, after: null, added: [], removed: [] };
    expect(texts([aLine({ outcome: anApplied({ effect: gone }) })])).toContain('- name: "Printers" → none');
  });

  it('a group that the ticket names by its id is called by its name', () => {
    const change = anUpdate({ group: { id: '72057594037931001' } });
    expect(texts([aLine({ change })])[1]).toBe(
      'Update segment group "Printers" (72057594037931001) in acme-test: applied.',
    );
    const said = texts([aLine({ change, outcome: aRejected() })]);
    expect(said[1]).toBe('Update segment group 72057594037931001 in acme-test: rejected (group-not-found).');
  });

  it('a create that updated what existed is called the update that it was', () => {
    const change = parsed(rawCreate({ group: { name: 'Printers' }, tenant: 'acme-test', ifExists: 'update' }));
    expect(texts([aLine({ change })])[1]).toBe('Update segment group "Printers" in acme-test: applied.');
    const made = anApplied({ effect: { ...anApplied().effect, before: null } });
    expect(texts([aLine({ change, outcome: made })])[1]).toBe('Create segment group "Printers" in acme-test: applied.');
  });

  it('an accept is recorded, and no rule was looked at', () => {
    const change = parsed({ ...rawAccept({ enabled: true }, { id: '72057594037931001' }), tenant: 'acme-test' });
    const { writeId: _, overtaken: __, ...same } = anApplied();
    expect(texts([aLine({ change, outcome: { ...same, kind: 'unchanged' } })])).toEqual([
      'ZPA segment groups: The change is in effect.',
      'Accept segment group "Printers" (72057594037931001) in acme-test: recorded as approved; nothing was written.',
      'Status: https://front.example.org/changes/abc',
    ]);
  });

  it('a name that the ticket gave stands beside its id', () => {
    const change = anUpdate({ applications: { add: [{ name: 'Wiki' }] } });
    const { effect } = anApplied();
    const outcome = anApplied({ effect: { ...effect, added: ['72057594037932001'] } });
    expect(texts([aLine({ change, outcome })])).toContain('Application segments added: Wiki (72057594037932001).');
  });

  it('what somebody else did meanwhile, and what moved, is said', () => {
    const overtaken = [{ field: 'description', expected: 'a', found: 'b' }];
    const { effect } = anApplied();
    const moves = [{ from: { id: '1', name: 'Old' }, to: { id: '2', name: 'New' }, applicationIds: ['7'] }];
    const said = texts([aLine({ outcome: anApplied({ overtaken, effect: { ...effect, moves } }) })]);
    expect(said).toContain('Moved from "Old" to "New": 7.');
    expect(said).toContain('Edited by somebody else meanwhile, and left so: description is now "b".');
  });

  it.each([
    ['cancelled', 'Cancelled by david: No longer wanted.', 'nothing; a new approval brings it back.'],
    [
      'superseded',
      'Superseded by david: No longer wanted.',
      'nothing, unless this change is wanted all the same; then approve it again.',
    ],
  ] as const)('a change that was %s tells by whom and why', (kind, why, remedy) => {
    const outcome = { kind, by: 'david', reason: 'no longer wanted', at: 0, attempts: 0, generation: 1 };
    expect(texts([aLine({ outcome })]).slice(1, 4)).toEqual([
      `Update segment group "Printers" in acme-test: ${kind}.`,
      why,
      `What to do: ${remedy}`,
    ]);
  });

  it('of twenty applications and more the rest is counted, and what was removed is listed too', () => {
    const { effect } = anApplied();
    const ids = (count: number) => Array.from({ length: count }, (_, i) => String(100 + i));
    const said = (added: string[], removed: string[] = []) =>
      texts([aLine({ outcome: anApplied({ effect: { ...effect, added, removed } }) })]).filter((one) =>
        one.startsWith('Application segments'),
      );
    expect(said(ids(20))).toEqual([`Application segments added: ${ids(20).join(', ')}.`]);
    expect(said(ids(22), ['7'])).toEqual([
      `Application segments added: ${ids(20).join(', ')} and 2 others.`,
      'Application segments removed: 7.',
    ]);
    expect(said([])).toEqual([]);
  });

  it('a rejection has its field and what ZPA said', () => {
    const zpaError = {
      code: 'refused',
      class: 'permanent',
      scope: 'change',
      effect: 'none',
      reason: 'No\nway',
    } as const;
    const said = texts([aLine({ outcome: aRejected({ path: 'group.name', zpaError }) })]);
    expect(said).toContain('Field: group.name');
    expect(said).toContain('ZPA said: No way');
  });
});

describe('what is said of a set', () => {
  it('is in the order of the ticket; what was told before, or has not ended, is one line', () => {
    const lines = [
      aLine({ index: 3, outcome: undefined }),
      aLine({ index: 1, answered: true }),
      aLine({ index: 2, outcome: aRejected({ generation: 2 }) }),
    ];
    expect(texts(lines)).toEqual([
      'ZPA segment groups: 1 of 3 changes is in effect. 1 change of the set has not ended.',
      '1. Update segment group "Printers" in acme-test: applied.',
      '2. Update segment group "Printers" in acme-test: rejected (group-not-found) on try 2.',
      'Why: There is no segment group "Printers" in acme-test.',
      'What to do: Correct the group in the ticket.',
      'Status: https://front.example.org/changes/abc',
      '3. Update segment group "Printers" in acme-test: tried again, not ended yet.',
    ]);
  });

  it('fits a comment of either system, however much happened', () => {
    const group = { name: 'N'.repeat(255) };
    const [applied, rejected] = [largestApplied(), largestRejection()];
    const lines = Array.from({ length: 1000 }, (_, at) =>
      aLine({
        index: at + 1,
        change: anUpdate({ group }),
        outcome: at % 2 === 0 ? applied : rejected,
      }),
    );
    const text = setText(lines, 1000);
    expect(adfLines(toJiraAdf(text, 'marker-0001')).join('').length).toBeLessThan(32_767);
    expect(toServiceNowJournal(text).length).toBeLessThanOrEqual(16 * 1024);
    expect(toTerminal(text)).toContain('And 950 other changes.');
    expect(toTerminal(text)).toContain('What to do: ');
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
