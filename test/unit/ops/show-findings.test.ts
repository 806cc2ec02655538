import { describe, expect, it } from 'vitest';
import { ok, wrong } from '../../../functions/ops/checks/finding.ts';
import { showFindings } from '../../../functions/ops/commands/doctor/show-findings.ts';
import { createTerminal } from '../../../functions/ops/output/terminal.ts';
import { createRecordingConsole } from './recording-console.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

function shown(findings: ReturnType<typeof ok>[]): string[] {
  const console = createRecordingConsole();
  showFindings(
    createTerminal(console, false),
    findings.map((one) => ({ check: 'secrets', ...one })),
  );
  return console.stdout().split('\n').slice(1, -2);
}

describe('the findings of a stack with hundreds of secrets', () => {
  it('are one line for those that say the same, each thing said for itself', () => {
    const lines = shown([ok('is not looked at', 'x'), ...NAMES.map((name) => ok('is well-formed', name))]);
    expect(lines).toEqual([
      expect.stringMatching(/x +is not looked at$/),
      expect.stringMatching(/a +is well-formed, and 4 more \(listed/),
    ]);
  });

  it('are all there if something is to be done', () => {
    expect(shown(NAMES.map((name) => wrong('is missing', 'Make it.', name)))).toHaveLength(NAMES.length);
  });
});
