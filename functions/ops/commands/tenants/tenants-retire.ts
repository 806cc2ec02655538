import type { Command } from 'commander';
import { createSecretStore, RECOVERY_DAYS, type SecretStore } from '../../../../shared/aws/secret-store.ts';
import { secretNames } from '../../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../../shared/domain/configuration/lookup.ts';
import type { ChangeRef } from '../../../../shared/domain/lane/change-ref.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { cancelChange } from '../../../../shared/ledger/cancel-change.ts';
import { finishOutbox } from '../../../../shared/ledger/outbox.ts';
import type { StoredSettings } from '../../../../shared/ports/settings-store.ts';
import { byOption, reasonOption } from '../../input/decision-options.ts';
import { formatTime } from '../../output/describe-change.ts';
import { EXIT, type ExitCode, OpsError } from '../../output/exit-codes.ts';
import { listKeys } from '../../output/list-keys.ts';
import type { BindCommand, CommandContext, OpsCommand } from '../../session/command.ts';
import { changesConcerned, recordAct } from '../../session/record-act.ts';
import { environmentOf, openSettings } from '../../session/settings.ts';
import { pushNext } from '../settings/put-version.ts';
import { checkSettingsText } from '../settings/read-settings-file.ts';
import { readVersion } from '../settings/version-text.ts';
import { showRetirement } from './show-retirement.ts';
import { readStanding, type Standing } from './standing-changes.ts';
import { withoutGrants, withoutTenant } from './without-tenant.ts';

const HELP = `
Run the same command twice. It shows what it will do and asks each time:
  1. New changes for the tenant are no longer accepted and its open changes are
     cancelled with the reason. Writes in progress in ZPA are completed.
  2. Two minutes later, when no change is open: the tenant is removed from the
     settings and its secrets are scheduled for deletion.
Status, failures and drift reports are kept. Exit code 6 if the second step is
still to come; the output shows when to run it.
Afterwards update your settings file: zpa-changes settings show > settings.json
Example:
  zpa-changes tenants retire acme-prod --reason "contract ended"`;

/** Adds the command `tenants retire`. */
export function addTenantsRetire(tenants: Command, bind: BindCommand): void {
  tenants
    .command('retire')
    .description('Retires a tenant: cancels its open changes and removes it from the settings.')
    .argument('<tenant>', 'name of the tenant in the settings')
    .addOption(reasonOption('reason, for the record and the tickets').makeOptionMandatory())
    .addOption(byOption())
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(bind(retire));
}

type Options = { reason: string; by: string; yes?: boolean };

/** `revoked`: the settings in which nothing may be asked for in the tenant; absent if that is so already. */
type Stage = {
  settings: StoredSettings;
  isConfigured: boolean;
  revoked?: string;
  standing: Standing;
  secrets: string[];
};

const retire: OpsCommand<Options> = async (context, { reason, by, yes = false }, tenant = '') => {
  const { session, terminal } = context;
  const store = createSecretStore({ env: environmentOf(session.target, context.processContext.env) });
  const stage = await readStage(context, store, tenant);
  showRetirement(terminal, { ...stage, tenant, removed: withoutTenant(stage.settings.text, tenant) });
  if (!(await terminal.confirm(`Retire tenant "${visible(tenant)}"?`, yes))) return EXIT.interrupted;
  const details = { tenant, reason, by, secrets: stage.secrets, ...changesConcerned(stage.standing.open) };
  return recordAct(context, 'tenants retire', details, () => carryOut(context, store, stage, { tenant, reason, by }));
};

/** Takes the steps that can be taken now, and says which are still to come. */
async function carryOut(
  context: CommandContext,
  store: SecretStore,
  stage: Stage,
  { tenant, reason, by }: { tenant: string; reason: string; by: string },
): Promise<ExitCode> {
  const { session, terminal } = context;
  const note = `retires tenant ${tenant}: ${reason}`.slice(0, 500);
  const { revoked, settings } = stage;
  if (revoked !== undefined) await push(context, { text: revoked, note, after: settings.version });
  const revokedAt = revoked === undefined ? settings.pushedAt : session.clock.now();
  const cancelled = await cancelAll(context, stage.standing, {
    by: `${by} (operator)`,
    reason: `tenant ${tenant} is retired: ${reason}`,
  });
  const left = await readStanding(session, tenant);
  // The worker keeps the settings that an invocation began with, and `ingest` looks for newer ones every half minute.
  const earliest = revokedAt + 2 * session.timing.functionTimeoutMs;
  const isEarly = revoked !== undefined || session.clock.now() < earliest;
  if (isEarly || left.open.length + left.inHand.length > 0)
    return sayLater(context, tenant, { ...stage, left, earliest });
  if (stage.isConfigured)
    await push(context, { text: withoutTenant(settings.text, tenant), note, after: settings.version });
  for (const name of stage.secrets) await store.scheduleDeletion(name);
  terminal.say(`Tenant "${visible(tenant)}" is retired. Its secrets can be restored for ${RECOVERY_DAYS} days.`);
  terminal.say('Update your settings file: zpa-changes settings show > settings.json');
  terminal.document({
    tenant,
    retired: true,
    cancelled,
    secrets: stage.secrets,
  });
  return EXIT.ok;
}

async function readStage(
  { session, processContext }: CommandContext,
  store: SecretStore,
  tenant: string,
): Promise<Stage> {
  const { configuration, target } = session;
  const isConfigured = lookup(configuration.tenants, tenant) !== undefined;
  const settings = await readVersion(openSettings(target, processContext.env), undefined);
  const rights = ['write', 'read'] as const;
  const entries = await Promise.all(rights.map((right) => store.describe(secretNames.zpa(target.name, tenant, right))));
  const secrets = entries.flatMap((entry) => (entry === undefined || entry.state === 'deleted' ? [] : [entry.name]));
  const standing = await readStanding(session, tenant);
  if (!isConfigured && secrets.length + standing.open.length + standing.inHand.length === 0) {
    const remedy = `Name one of: ${Object.keys(configuration.tenants).join(', ')}.`;
    throw new OpsError(
      EXIT.notFound,
      'tenant-not-found',
      `There is no tenant "${tenant}", and nothing is left of it.`,
      remedy,
    );
  }
  const isGranted = Object.values(configuration.sources).some(({ grants }) =>
    grants.some((one) => one.tenants.includes(tenant)),
  );
  return {
    settings,
    isConfigured,
    standing,
    secrets,
    ...(isGranted && { revoked: withoutGrants(settings.text, tenant) }),
  };
}

type Version = { text: string; note: string; after: number };

async function push(context: CommandContext, { text, ...version }: Version): Promise<void> {
  const checked = checkSettingsText(context, context.session.target, text, 'the settings without the tenant');
  await pushNext(context, { ...version, text: checked });
  context.terminal.say(`Version ${version.after + 1} of the settings is pushed.`);
}

/**
 * Answers what is cancelled. For a change in progress the cancellation is recorded: it ends as cancelled if its write did not reach
 * ZPA.
 */
async function cancelAll(
  { session }: CommandContext,
  { open }: Standing,
  why: { by: string; reason: string },
): Promise<ChangeRef[]> {
  const cancelled: ChangeRef[] = [];
  for (const { ref } of open) {
    const result = await cancelChange(session, ref, why);
    if (result.kind !== 'cancelled') continue;
    await finishOutbox(session, result.record);
    cancelled.push(ref);
  }
  return cancelled;
}

function sayLater(
  { terminal, session }: CommandContext,
  tenant: string,
  { isConfigured, left, earliest }: Pick<Stage, 'isConfigured'> & { left: Standing; earliest: number },
): ExitCode {
  const keys = [...new Set([...left.inHand, ...left.open.map(({ ref }) => ref.idempotencyKey)])];
  terminal.say(`Tenant "${visible(tenant)}" no longer accepts changes.`);
  if (keys.length > 0) {
    const remedy = 'If ZPA can no longer be reached: zpa-changes lanes release.';
    terminal.say(`Still open: ${listKeys('change', keys)}. ${remedy}`);
  } else terminal.say('A worker that started earlier may still use the previous settings.');
  const stay = isConfigured ? 'The tenant stays in the settings until then.' : 'Its secrets are kept until then.';
  const repeatAfter = formatTime(Math.max(earliest, session.clock.now()) + 999);
  terminal.say(`${stay} Run this command again after ${repeatAfter}.`);
  terminal.document({ tenant, retired: false, open: keys, repeatAfter });
  return EXIT.open;
}
