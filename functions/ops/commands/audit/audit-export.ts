import { type Command, Option } from 'commander';
import { csvHead, csvRow } from '../../../../shared/domain/audit/audit-csv.ts';
import { ACTS_BEGIN, OUTCOMES_BEGIN } from '../../../../shared/domain/audit/audit-key.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { openTrail, readDays, readTrail } from '../../session/audit.ts';
import type { BareCommand, BindBareCommand } from '../../session/command.ts';

const HELP = `
JSON is a list of whole lines; CSV has the columns that a reviewer needs. A line
that cannot be read is named on stderr and left out, with exit code 1.
Example:
  zpa-changes audit export --from 2026-10-01 --to 2026-12-31 --format csv > q4.csv`;

/** Adds the command `audit export`. */
export function addAuditExport(audit: Command, bind: BindBareCommand): void {
  audit
    .command('export')
    .description('Writes every line of some days to stdout.')
    .requiredOption('--from <day>', 'first day, for example 2026-11-01')
    .requiredOption('--to <day>', 'last day')
    .addOption(new Option('--format <format>', 'form of the lines').choices(['json', 'csv']).default('json'))
    .addHelpText('after', HELP)
    .action(bind(exportLines));
}

type Options = { from: string; to: string; format: 'json' | 'csv' };

/** Lines are written as they are read, because a year of them need not fit into memory. */
const exportLines: BareCommand<Options> = async ({ terminal, findTarget, processContext, signal }, options) => {
  const days = readDays(options);
  const isCsv = options.format === 'csv';
  let [written, unread] = [0, 0];
  if (isCsv) terminal.raw(csvHead());
  for await (const { key, read } of readTrail(
    openTrail(findTarget(), processContext.env),
    [OUTCOMES_BEGIN, ACTS_BEGIN],
    days,
  )) {
    signal.throwIfAborted();
    if (read.kind !== 'line') {
      unread += 1;
      terminal.warn(`The line ${key} is ${read.kind} and is left out.`);
      continue;
    }
    terminal.raw(isCsv ? csvRow(read.line) : `${written === 0 ? '[' : ','}\n${JSON.stringify(read.line)}`);
    written += 1;
  }
  if (!isCsv) terminal.raw(written === 0 ? '[]\n' : '\n]\n');
  return unread === 0 ? EXIT.ok : EXIT.failed;
};
