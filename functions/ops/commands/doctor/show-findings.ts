import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import type { NamedFinding, Result } from '../../checks/finding.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import type { Cell, Terminal } from '../../output/terminal.ts';

/** More findings of one check that say the same are counted, unless there is something to do about them. */
const SHOWN_ALIKE = 3;

/** Shows the findings as a table, or as JSON, each with its remedy. */
export function showFindings(terminal: Terminal, findings: readonly NamedFinding[]): void {
  terminal.table(
    ['check', 'object', 'result', 'remedy'],
    shortened(findings).map(({ check, result, subject = '', says, remedy = '' }) => {
      return [marked(terminal, result, check), subject, says, remedy];
    }),
  );
  const count = (wanted: Result) => findings.filter(({ result }) => result === wanted).length;
  const counts = { ok: count('ok'), wrong: count('wrong'), unknown: count('unknown'), skipped: count('skipped') };
  terminal.say(terminal.colours.dim(summaryOf(counts)));
  terminal.document({ ...counts, findings });
}

/** Something that could not be checked is not in order either. */
export function exitOf(findings: readonly NamedFinding[]): ExitCode {
  if (findings.some(({ result }) => result === 'wrong')) return EXIT.failed;
  return findings.some(({ result }) => result === 'unknown') ? EXIT.unreachable : EXIT.ok;
}

const MARKS: Record<Result, [mark: string, colour: 'green' | 'red' | 'yellow' | 'dim']> = {
  ok: ['✓', 'green'],
  wrong: ['✗', 'red'],
  unknown: ['?', 'yellow'],
  skipped: ['–', 'dim'],
};

function marked({ colours }: Terminal, result: Result, check: string): Cell {
  const [mark, colour] = MARKS[result];
  return { text: `${mark} ${check}`, colour: colours[colour] };
}

const kindOf = ({ check, result, says }: NamedFinding) => `${check} ${result} ${says}`;

/** A stack has hundreds of secrets; those that are in order are one line. */
function shortened(findings: readonly NamedFinding[]): NamedFinding[] {
  const kinds = Map.groupBy(findings, kindOf);
  const begun = new Set<string>();
  return findings.flatMap((one) => {
    const kind = kindOf(one);
    const alike = kinds.get(kind)?.length ?? 0;
    if (one.remedy !== undefined || alike <= SHOWN_ALIKE) return [one];
    if (begun.has(kind)) return [];
    begun.add(kind);
    const says = `${one.says}, and ${alike - 1} more (listed with --json)`;
    return [{ ...one, says }];
  });
}

function summaryOf({ ok, wrong, unknown, skipped }: Record<Result, number>): string {
  const parts = [`${ok} passed`, `${wrong} failed`, `${unknown} not checked`, `${skipped} not applicable`];
  return `${formatCount(ok + wrong + unknown + skipped, 'check')}: ${parts.join(', ')}.`;
}
