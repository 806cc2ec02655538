import { expect, it } from 'vitest';
import { showReport } from '../../../functions/ops/commands/drift/show-report.ts';
import { createTerminal } from '../../../functions/ops/output/terminal.ts';
import { aFinding, aSurvey } from '../domain/sample-drift.ts';
import { createRecordingConsole } from './recording-console.ts';

it.each([
  ['approved', { before: '', after: 'new' }, 'description: (empty) → new'],
  ['live', { before: 'old', after: ' ' }, 'description: old → (empty)'],
])('a difference whose %s text is empty says so', (_, sides, difference) => {
  const console = createRecordingConsole();
  const report = aSurvey({ findings: [aFinding(sides)] });
  const reading = { lane: report.lane, report, names: new Map(), state: {} as never };
  showReport(createTerminal(console, false), reading, { onlyNew: false });
  expect(console.stdout()).toContain(difference);
});
