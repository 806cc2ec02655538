import type { Command } from 'commander';
import type { Target } from '../../../../shared/deployment/cli-target.ts';
import { type Check, type NamedFinding, runCheck, unknown } from '../../checks/finding.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { BareCommand, BareContext, BindBareCommand } from '../../session/command.ts';
import { compose, type OpsSession } from '../../session/compose.ts';
import { NO_TARGET } from '../../session/find-target.ts';
import { checksBefore } from './checks-before.ts';
import { CREDENTIALS, openChecks } from './open-checks.ts';
import { probeTenant } from './probe-tenant.ts';
import { exitOf, showFindings } from './show-findings.ts';

const HELP = `
Read-only without --probe. One line for each check: ✓ passed, ✗ failed, ? could not
be checked, – not applicable. Without a target it checks what a first deployment needs.
Exit code 0 if all checks passed, 1 if one failed, 4 if none failed but not all
could be checked.
--probe TENANT also tests in ZPA, after confirmation, whether membership changes work
as configured and what the credentials may do. It creates two segment groups for the
test and deletes them again, also after Ctrl-C (pressed once). It needs the tenant's
write secret, which normally only the worker may read.
Examples:
  zpa-changes --target .zpa-changes/zpa-changes.json doctor
  zpa-changes doctor --probe acme-prod
  zpa-changes --json doctor`;

/** Adds the command `doctor`. */
export function addDoctor(program: Command, bind: BindBareCommand): void {
  program
    .command('doctor')
    .summary('check the target and show how to fix problems')
    .description('Checks credentials, settings, secrets, tenants, webhook, queues, tables, schedules and alarms.')
    .option('--probe <tenant>', 'test memberships and permissions in this tenant with two temporary groups')
    .option('--yes', 'do not ask for confirmation of --probe')
    .addHelpText('after', HELP)
    .action(bind(doctor));
}

type Options = { probe?: string; yes?: boolean };

const doctor: BareCommand<Options> = async (context, { probe, yes = false }) => {
  const { terminal, signal, processContext } = context;
  const target = findTargetOrAbsence(context);
  if (target instanceof OpsError) {
    if (probe !== undefined) throw target;
    const found = await runAll(context, checksBefore(processContext, target));
    showFindings(terminal, found);
    return exitOf(found);
  }
  await using session = await composeIfUsable(context);
  // It asks, so it comes before what takes long.
  const probed = probe === undefined ? [] : await probeIfUsable(context, session, { name: probe, yes });
  if (signal.aborted && probed.length > 0) {
    showFindings(terminal, probed);
    return EXIT.interrupted;
  }
  const findings = await runAll(context, openChecks({ target, env: processContext.env, session, signal }));
  findings.push(...probed);
  showFindings(terminal, findings);
  return exitOf(findings);
};

/** Before the first deployment there is no target, but something to check. */
function findTargetOrAbsence({ findTarget }: BareContext): Target | OpsError {
  try {
    return findTarget();
  } catch (error) {
    if (error instanceof OpsError && error.code === NO_TARGET) return error;
    throw error;
  }
}

async function runAll({ terminal, signal }: BareContext, checks: readonly Check[]): Promise<NamedFinding[]> {
  const findings: NamedFinding[] = [];
  for (const check of checks) {
    terminal.progress(`checking ${check.name} …`);
    const isLockedOut = findings.some((one) => one.check === CREDENTIALS && one.result === 'wrong');
    findings.push(...(isLockedOut && check.needs.length > 0 ? [lockedOut(check)] : await runCheck(check)));
    signal.throwIfAborted();
  }
  return findings;
}

/** Without credentials each call would say the same. */
const lockedOut = ({ name }: Check): NamedFinding => ({
  check: name,
  ...unknown('not checked without credentials', `See the result for ${CREDENTIALS}.`),
});

async function probeIfUsable(
  context: BareContext,
  session: OpsSession | undefined,
  wanted: { name: string; yes: boolean },
): Promise<NamedFinding[]> {
  if (session !== undefined) return probeTenant(context, session, wanted);
  const says = 'not tested: there are no usable settings';
  return [{ check: 'probe', ...unknown(says, 'See the result for settings.', wanted.name) }];
}

/** The check of the settings says why there is no session. */
async function composeIfUsable({ findTarget, processContext, terminal }: BareContext): Promise<OpsSession | undefined> {
  try {
    return await compose(findTarget(), processContext.env, { tell: terminal.progress });
  } catch {
    return undefined;
  }
}
