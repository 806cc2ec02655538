import type { Command } from 'commander';
import { type Check, type NamedFinding, runCheck, unknown } from '../../checks/finding.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { BareCommand, BareContext, BindBareCommand } from '../../session/command.ts';
import { compose, type OpsSession } from '../../session/compose.ts';
import { CREDENTIALS, openChecks } from './open-checks.ts';
import { probeTenant } from './probe-tenant.ts';
import { exitOf, showFindings } from './show-findings.ts';

const HELP = `
Nothing is changed without --probe. One line for each finding: ✓ in order, ✗ wrong, ? could not
be checked (which is not in order), – left out, because it makes no sense here.
Exit code 0 if everything is in order, 1 if something is wrong, 4 if nothing is
wrong and not everything could be checked.
With --probe TENANT it also tries whether ZPA takes memberships in the way of the
settings, and what the credentials may do: on two segment groups of its own,
after a yes. They are deleted again, also after Ctrl-C (pressed once). It needs
the tenant's write secret, which otherwise the worker alone may read.
Examples:
  zpa-changes --target .zpa-changes/zpa-changes.json doctor
  zpa-changes doctor --probe acme-prod
  zpa-changes --json doctor`;

/** Adds the command `doctor`. */
export function addDoctor(program: Command, bind: BindBareCommand): void {
  program
    .command('doctor')
    .summary('check the target: what is wrong, and what to do')
    .description('Checks credentials, settings, secrets, tenants, webhook, queues, tables, schedules and alarms.')
    .option('--probe <tenant>', 'try memberships and rights in this tenant, on two throwaway groups')
    .option('--yes', 'do not ask before --probe')
    .addHelpText('after', HELP)
    .action(bind(doctor));
}

type Options = { probe?: string; yes?: boolean };

const doctor: BareCommand<Options> = async (context, { probe, yes = false }) => {
  const { terminal, signal, processContext } = context;
  const target = context.findTarget();
  await using session = await composeIfUsable(context);
  // It asks, so it comes before what takes long.
  const probed = probe === undefined ? [] : await probeIfUsable(context, session, { name: probe, yes });
  if (signal.aborted && probed.length > 0) {
    showFindings(terminal, probed);
    return EXIT.interrupted;
  }
  const findings: NamedFinding[] = [];
  for (const check of openChecks({ target, env: processContext.env, session, signal })) {
    terminal.progress(`checking ${check.name} …`);
    const isLockedOut = findings.some((one) => one.check === CREDENTIALS && one.result === 'wrong');
    findings.push(...(isLockedOut && check.needs.length > 0 ? [lockedOut(check)] : await runCheck(check)));
    signal.throwIfAborted();
  }
  findings.push(...probed);
  showFindings(terminal, findings);
  return exitOf(findings);
};

/** Without credentials each call would say the same. */
const lockedOut = ({ name }: Check): NamedFinding => ({
  check: name,
  ...unknown('not checked without credentials', `See the line of the ${CREDENTIALS}.`),
});

async function probeIfUsable(
  context: BareContext,
  session: OpsSession | undefined,
  wanted: { name: string; yes: boolean },
): Promise<NamedFinding[]> {
  if (session !== undefined) return probeTenant(context, session, wanted);
  const says = 'not tried: there are no settings that can be used';
  return [{ check: 'probe', ...unknown(says, 'See the line of the settings.', wanted.name) }];
}

/** The check of the settings says why there is no session. */
async function composeIfUsable({ findTarget, processContext }: BareContext): Promise<OpsSession | undefined> {
  try {
    return await compose(findTarget(), processContext.env);
  } catch {
    return undefined;
  }
}
