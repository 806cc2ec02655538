import type { Command } from 'commander';
import { isDrift } from '../../../shared/domain/drift/drift.ts';
import { driftMarkdown } from '../../../shared/domain/drift/drift-report.ts';
import type { DriftReport, Finding } from '../../../shared/domain/drift/report.ts';
import { lanesOf } from '../../../shared/domain/lane/change-ref.ts';
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
    const ports = { ...session, applicationsIfNeeded: true };
    const { report } = await surveyLane(ports, session.configuration, lane, signal);
    signal.throwIfAborted();
    reports.push(report);
    if (options.markdown && !terminal.json) terminal.raw(`${driftMarkdown(report)}\n`);
    else show(terminal, report);
  }
  terminal.document({ schemaVersion: 2, reports });
  return exitOf(reports, options.strict ?? false);
};

function exitOf(reports: readonly DriftReport[], strict: boolean): ExitCode {
  const gaps = reports.flatMap(({ unmanaged, notChecked }) => [...unmanaged, ...notChecked]);
  if (reports.some(({ findings }) => findings.some(isDrift)) || (strict && gaps.length > 0)) return EXIT.drift;
  return reports.every((report) => report.complete) ? EXIT.ok : EXIT.unreachable;
}

function show(terminal: Terminal, { lane, coverage, findings, notChecked }: DriftReport): void {
  const { colours } = terminal;
  terminal.say(colours.bold(lane));
  const counts = [
    `${coverage.live} live`,
    `${coverage.managed} from tickets`,
    coverage.drifted === 0 ? '0 drifted' : colours.red(`${coverage.drifted} drifted`),
    coverage.notChecked === 0 ? '0 not checked' : colours.yellow(`${coverage.notChecked} not checked`),
    `${coverage.unmanaged} in no ticket`,
  ];
  terminal.say(`  ${counts.join(' · ')}`);
  const gaps = notChecked.map(({ tenant, groupId, microtenantId, reason }): Cell[] => {
    const where = groupId ?? microtenantId ?? 'whole tenant';
    return [{ text: 'not-checked', colour: colours.yellow }, `${tenant}: ${where}`, reason, '', ''];
  });
  const rows = [...findings.map((finding) => row(finding, terminal)), ...gaps];
  if (rows.length > 0) terminal.table(['finding', 'group', 'difference', 'last written', 'approved by'], rows);
  terminal.say('');
}

function row(finding: Finding, { colours }: Terminal): Cell[] {
  const { kind, state, group, facet, application, before, after, writer, approval } = finding;
  const cell: Cell = {
    text: state === 'in-flight' ? `${kind} (in flight)` : kind,
    colour: isDrift(finding) ? colours.red : colours.dim,
  };
  const name = group.name === '' ? group.id : `${group.name} (${group.id})`;
  const about = application?.name ?? facet;
  const written = [writer?.id, writer?.at?.replace(/\.\d+Z$/, 'Z')].join(' ').trim();
  return [cell, name, `${about}: "${before}" is "${after}"`, written, approval?.key ?? ''];
}
