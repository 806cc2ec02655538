import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { driftMarkdown } from '../../../../shared/domain/drift/render/markdown.ts';
import { driftHtml } from '../../../../shared/domain/drift/render/page/drift-page.ts';
import { openFindings } from '../../../../shared/domain/drift/render/report-summary.ts';
import type { DriftReport } from '../../../../shared/domain/drift/report.ts';
import { EXIT, type ExitCode, OpsError } from '../../output/exit-codes.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import { chooseLanes, type LaneReading, readLane } from '../../session/read-drift.ts';
import { showReport } from './show-report.ts';

type Options = { tenant?: string; new?: boolean; strict?: boolean; markdown?: boolean; html?: string };

const HELP = `
Reads the tenants now, within the read budget, and takes the age of findings and
what is ignored from the last stored report.
Exit code 7 if findings are new or still there, 4 if none is but something could
not be read, else 0. Ignored findings and those that a change is at work on are
shown, and do not count.
Examples:
  zpa-changes drift --tenant acme-prod
  zpa-changes drift --new
  zpa-changes drift --tenant acme-prod --html drift.html
  zpa-changes drift --markdown > drift.md`;

/** Adds the command `drift report`, which `drift` alone is too. */
export function addReport(drift: Command, bind: BindCommand): void {
  drift
    .command('report', { isDefault: true })
    .description('Reads the tenants now and shows where they differ from what tickets approved. Writes nothing.')
    .option('--tenant <name>', 'only the customer of this tenant')
    .option('--new', 'only findings that the last stored report did not have; the others do not count')
    .option('--strict', 'groups in no ticket, and what could not be read, count as drift')
    .option('--markdown', 'the report as the scheduled job stores it')
    .option('--html <file>', 'write the page that the scheduled job stores into this file')
    .addHelpText('after', HELP)
    .action(bind(report));
}

const report: OpsCommand<Options> = async (context, options) => {
  const { session, terminal, processContext } = context;
  const lanes = chooseLanes(session.configuration, options.tenant);
  if (options.html !== undefined && lanes.length > 1) {
    const sentence = '--html writes the report of one customer, and several are configured.';
    throw new OpsError(EXIT.usage, 'which-tenant', sentence, 'Name a tenant of the customer with --tenant.');
  }
  const readings: LaneReading[] = [];
  for (const lane of lanes) {
    const reading = await readLane(context, lane);
    readings.push(reading);
    if (options.markdown && !terminal.json) terminal.raw(`${driftMarkdown(reading.report)}\n`);
    else showReport(terminal, reading, { onlyNew: options.new ?? false });
    if (options.html !== undefined) {
      const file = resolve(processContext.cwd, options.html);
      await writeFile(file, driftHtml(reading.report));
      terminal.warn(`The report is in ${file}.`);
    }
  }
  const reports = readings.map((reading) => reading.report);
  terminal.document({ schemaVersion: 2, reports });
  return exitOf(reports, options);
};

function exitOf(reports: readonly DriftReport[], options: Options): ExitCode {
  const counts = reports.flatMap(openFindings).filter(({ state }) => state === 'new' || !options.new);
  const isComplete = reports.every((one) => one.complete);
  const strict = options.strict && (!isComplete || reports.some(({ unmanaged }) => unmanaged.length > 0));
  if (counts.length > 0 || strict) return EXIT.drift;
  return isComplete ? EXIT.ok : EXIT.unreachable;
}
