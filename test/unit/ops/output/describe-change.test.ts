import { expect, it } from 'vitest';
import { changeLines, outcomeLines } from '../../../../functions/ops/output/describe-change.ts';
import { createTerminal } from '../../../../functions/ops/output/terminal.ts';
import { aChange, anApplied } from '../../../fakes/records.ts';
import { parsed, rawAccept } from '../../domain/sample-changes.ts';
import { createRecordingConsole } from '../recording-console.ts';

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
