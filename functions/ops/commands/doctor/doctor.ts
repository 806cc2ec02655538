import type { Command } from 'commander';
import { type NamedFinding, runCheck } from '../../checks/finding.ts';
import type { BareCommand, BareContext, BindBareCommand } from '../../session/command.ts';
import { compose, type OpsSession } from '../../session/compose.ts';
import { openChecks } from './open-checks.ts';
import { exitOf, showFindings } from './show-findings.ts';

const HELP = `
Nothing is changed. One line for each finding: ✓ in order, ✗ wrong, ? could not
be checked (which is not in order), – left out, because it makes no sense here.
Exit code 0 if everything is in order, 1 if something is wrong, 4 if nothing is
wrong and not everything could be checked.
Examples:
  zpa-changes --target .zpa-changes/zpa-changes.json doctor
  zpa-changes --json doctor`;

/** Adds the command `doctor`. */
export function addDoctor(program: Command, bind: BindBareCommand): void {
  program
    .command('doctor')
    .summary('check the target: what is wrong, and what to do')
    .description('Checks credentials, settings, secrets, tenants, webhook, queues, tables, schedules and alarms.')
    .addHelpText('after', HELP)
    .action(bind(doctor));
}

const doctor: BareCommand = async (context) => {
  const { terminal, signal, processContext } = context;
  const target = context.findTarget();
  await using session = await composeIfUsable(context);
  const findings: NamedFinding[] = [];
  for (const check of openChecks({ target, env: processContext.env, session, signal })) {
    terminal.progress(`checking ${check.name} …`);
    findings.push(...(await runCheck(check)));
    signal.throwIfAborted();
  }
  showFindings(terminal, findings);
  return exitOf(findings);
};

/** The check of the settings says why there is no session. */
async function composeIfUsable({ findTarget, processContext }: BareContext): Promise<OpsSession | undefined> {
  try {
    return await compose(findTarget(), processContext.env);
  } catch {
    return undefined;
  }
}
