import { expect, it } from 'vitest';
import {
  changeLines,
  describeRecord,
  describeRequest,
  outcomeLines,
} from '../../../../functions/ops/output/describe-change.ts';
import { createTerminal } from '../../../../functions/ops/output/terminal.ts';
import { aChange, anApplied, anUpdate } from '../../../fakes/records.ts';
import { parsed, rawAccept, rawCreate } from '../../domain/sample-changes.ts';
import { createRecordingConsole } from '../recording-console.ts';

it('says of a create whether it may become an update', () => {
  const applications = [{ id: '11' }];
  expect(describeRequest(parsed(rawCreate({ applications })))).toBe('create "Web Apps": 1 application segment');
  expect(describeRequest(parsed(rawCreate({ applications, ifExists: 'update' })))).toBe(
    'create or update "Web Apps": 1 application segment',
  );
});

it('calls a group that the change names by its id by the name that it had, and by the bare id where that is not known', () => {
  const change = anUpdate({ group: { id: '72057594037931001' } });
  expect(describeRecord(aChange({ change }))).toBe('update 72057594037931001: enabled');
  const { writeId: _, overtaken: __, ...same } = anApplied();
  for (const outcome of [anApplied(), { ...same, kind: 'unchanged' as const }])
    expect(describeRecord(aChange({ change, outcome, state: 'settled' }))).toBe('update "Printers": enabled');
});

it.each([
  ['absent', 'accept 7: absent'],
  [{ name: 'Web', applications: { exactly: [{ id: '1' }] } }, 'accept 7: name, exactly 1 application segment'],
  [
    { enabled: true, applications: { has: [{ id: '1' }, { id: '2' }], hasNot: [{ id: '3' }] } },
    'accept 7: enabled, with 2 application segments, without 1 application segment',
  ],
])('says what an accept states', (state, says) => {
  expect(describeRequest(parsed(rawAccept(state, { id: '7' })))).toBe(says);
});

it('says that an accept was recorded, not what it changed', () => {
  const { writeId: _, overtaken: __, ...same } = anApplied();
  const gone = { ...same.effect, before: null, after: null };
  const change = parsed(rawAccept('absent', { id: '7' }));
  const terminal = createTerminal(createRecordingConsole(), false);
  const [word, group, ...rest] = outcomeLines({ ...same, kind: 'unchanged', effect: gone }, terminal, change);
  expect([word, group]).toEqual([
    'unchanged, recorded as approved; nothing was written to ZPA',
    `  group       ${gone.groupId}`,
  ]);
  expect(rest.join()).not.toContain('name');
});

it('says when a change was accepted and, if it was retried, when that was', () => {
  const lines = (of: Parameters<typeof aChange>[0]) =>
    changeLines(aChange(of), createTerminal(createRecordingConsole(), false)).filter((line) =>
      /accepted |retried /.test(line),
    );
  const [first, again] = [Date.parse('2026-12-01T08:00:00Z'), Date.parse('2026-12-02T09:30:00Z')];
  expect(lines({ acceptedAt: first })).toEqual([expect.stringContaining('2026-12-01')]);
  expect(lines({ acceptedAt: again, firstAcceptedAt: first, generation: 3 })).toEqual([
    expect.stringMatching(/accepted +2026-12-01/),
    expect.stringMatching(/retried +2026-12-02.*retry 2/),
  ]);
  expect(lines({ acceptedAt: again, generation: 2 }), 'a record of an earlier version').toEqual([
    expect.stringMatching(/retried +2026-12-02/),
  ]);
});
