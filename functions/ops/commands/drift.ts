import type { Command } from 'commander';
import { type DriftReport, type Finding, isDrift } from '../../../shared/domain/drift/drift.ts';
import { driftMarkdown } from '../../../shared/domain/drift/drift-report.ts';
import { lanesOf } from '../../../shared/domain/lane/change-ref.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import { surveyLane } from '../../../shared/reading/survey-drift.ts';
import { EXIT, type ExitCode } from '../output/exit-codes.ts';
import type { Cell, Terminal } from '../output/terminal.ts';
import { chooseTenant } from '../session/choose.ts';
import type { BindCommand, OpsCommand } from '../session/command.ts';

type Options = { tenant?: string; markdown?: boolean; strict?: boolean };

const HELP = `
Exit code 7 if anything drifted, 4 if nothing did but something could not be
read, else 0. Differences on groups that changes are under way for are shown,
and do not count.
Examples:
  zpa-changes drift --tenant acme-prod
  zpa-changes drift --markdown > drift.md`;

/** Adds the command `drift`. */
export function addDrift(program: Command, bind: BindCommand): void {
  program
    .command('drift')
    .summary('compare what tickets approved with what lives')
    .description('Reads the tenants now and shows where they differ from what tickets approved. Writes nothing.')
    .option('--tenant <name>', 'only the lane of this tenant')
    .option('--markdown', 'the report as the scheduled job stores it')
    .option('--strict', 'groups in no ticket, and what could not be read, count as drift')
    .addHelpText('after', HELP)
    .action(bind(drift));
}

const drift: OpsCommand<Options> = async ({ session, terminal, signal }, options) => {
  const lanes = lanesOf(session.configuration);
  const tenant = options.tenant === undefined ? undefined : chooseTenant(session.configuration, options.tenant);
  const reports: DriftReport[] = [];
  for (const [lane, tenants] of lanes) {
    if (tenant !== undefined && !tenants.includes(tenant)) continue;
    terminal.progress(`reading ${tenants.join(', ')} …`);
    const report = await surveyLane(session, session.configuration, lane, signal);
    signal.throwIfAborted();
    reports.push(report);
    if (options.markdown && !terminal.json) terminal.raw(`${driftMarkdown(report)}\n`);
    else show(terminal, report);
  }
  terminal.document({ schemaVersion: 1, reports });
  return exitOf(reports, options.strict ?? false);
};

function exitOf(reports: readonly DriftReport[], strict: boolean): ExitCode {
  const findings = reports.flatMap((report) => report.findings);
  if (findings.some(isDrift) || (strict && findings.length > 0)) return EXIT.drift;
  return reports.every((report) => report.complete) ? EXIT.ok : EXIT.unreachable;
}

function show(terminal: Terminal, { lane, coverage, findings, applicationNames }: DriftReport): void {
  const { colours } = terminal;
  terminal.say(colours.bold(lane));
  const counts = [
    `${coverage.live} live`,
    `${coverage.managed} from tickets`,
    colours.green(`${coverage.inSync} in sync`),
    coverage.drifted === 0 ? '0 drifted' : colours.red(`${coverage.drifted} drifted`),
    `${coverage.inFlight} in flight`,
    coverage.notChecked === 0 ? '0 not checked' : colours.yellow(`${coverage.notChecked} not checked`),
    `${coverage.unmanaged} in no ticket`,
  ];
  terminal.say(`  ${counts.join(' · ')}`);
  if (findings.length > 0) {
    const head = ['finding', 'group', 'difference', 'last written', 'approved by'];
    terminal.table(
      head,
      findings.flatMap((finding) => rows(finding, terminal, applicationNames)),
    );
  }
  terminal.say('');
}

function rows(finding: Finding, { colours }: Terminal, names: Record<string, string>): Cell[][] {
  if (finding.kind === 'not-checked') {
    const where = finding.groupId ?? finding.microtenantId ?? 'whole tenant';
    return [[{ text: finding.kind, colour: colours.yellow }, `${finding.tenant}: ${where}`, finding.reason, '', '']];
  }
  const colour = isDrift(finding) ? colours.red : colours.dim;
  const kind: Cell = { text: finding.pending > 0 ? `${finding.kind} (in flight)` : finding.kind, colour };
  const writer =
    'lastWriter' in finding && finding.lastWriter
      ? [finding.lastWriter.id, finding.lastWriter.at?.replace(/\.\d+Z$/, 'Z')].join(' ').trim()
      : '';
  const approval = 'approval' in finding ? `${finding.approval.key}` : '';
  const group = finding.name === '' ? finding.groupId : `${finding.name} (${finding.groupId})`;
  return differences(finding, names).map((difference, index) =>
    index === 0 ? [kind, group, difference, writer, approval] : ['', '', difference, '', ''],
  );
}

function differences(finding: Exclude<Finding, { kind: 'not-checked' }>, names: Record<string, string>): string[] {
  switch (finding.kind) {
    case 'missing':
      return [finding.sameName === undefined ? 'not in ZPA' : `not in ZPA; its name is on ${finding.sameName}`];
    case 'changed':
      return finding.differences.map(({ field, desired, live }) => `${field}: "${desired}" is "${live}"`);
    case 'membership': {
      const named = (id: string) => names[id] ?? id;
      return [...finding.added.map((id) => `+ ${named(id)}`), ...finding.removed.map((id) => `− ${named(id)}`)];
    }
    case 'resurrected':
      return ['deleted by a ticket, lives again'];
    case 'unmanaged':
      return [`in no ticket, ${formatCount(finding.applicationCount, 'application')}`];
  }
}
