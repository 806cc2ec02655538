import type { Command } from 'commander';
import type { SecretEntry } from '../../../../shared/aws/secret-store.ts';
import type { NeededSecret } from '../../../../shared/domain/configuration/needed-secrets.ts';
import { ticketAccess } from '../../../../shared/domain/configuration/tickets-schema.ts';
import { acceptText, formOf } from '../../checks/secret-form.ts';
import { formatTime } from '../../output/describe-change.ts';
import { EXIT, type ExitCode, OpsError } from '../../output/exit-codes.ts';
import type { BareCommand, BareContext, BindBareCommand } from '../../session/command.ts';
import { recordAct } from '../../session/record-act.ts';
import { findNeeded, openSecrets, readValue, requireWritten, type StackSecrets, shortName } from './open-secrets.ts';

const HELP = `
Prompts for the value without showing it; without a terminal it is read from stdin.
The value is validated before it is written and never appears in output or errors.
NAME is the secret's name without the name of the stack.
Examples:
  zpa-changes secrets set source/servicenow
  zpa-changes secrets set zpa/acme-prod/write < write.json
  zpa-changes secrets set zpa/new-tenant/read --settings settings.json < read.json`;

/** Adds the command `secrets set`. */
export function addSecretsSet(secrets: Command, bind: BindBareCommand): void {
  secrets
    .command('set')
    .description('Stores the value of a secret; creates the secret if it does not exist.')
    .argument('<name>', 'for example zpa/TENANT/write or source/SOURCE: see "secrets list"')
    .option('--settings <file>', 'settings file to use instead of the pushed settings')
    .option('--yes', 'replace a value without asking')
    .addHelpText('after', HELP)
    .action(bind(set));
}

type Options = { settings?: string; yes?: boolean };

const set: BareCommand<Options> = async (context, { settings, yes = false }, name = '') => {
  const secrets = await openSecrets(context, settings);
  const needed = findNeeded(secrets, name);
  if (needed.kind === 'status') {
    const sentence = 'This secret is generated and cannot be set.';
    throw new OpsError(EXIT.usage, 'secret-generated', sentence, 'To replace it: zpa-changes secrets rotate status.');
  }
  const entry = await secrets.store.describe(needed.name);
  return replaceWhole(context, secrets, needed, entry, { act: 'secrets set', yes });
};

/** Asks for a value and stores it in place of any that is there. */
export async function replaceWhole(
  context: BareContext,
  { stack, store }: StackSecrets,
  needed: NeededSecret,
  entry: SecretEntry | undefined,
  { act, yes }: { act: string; yes: boolean },
): Promise<ExitCode> {
  const { terminal } = context;
  const name = shortName(stack, needed.name);
  const form = formOf(needed);
  if (entry?.state === 'value') {
    terminal.say(`${name} already has a value, set ${formatTime(entry.changedAt)}. ${consequence(form.kind, name)}`);
    if (!(await terminal.confirm('Replace it?', yes))) return EXIT.interrupted;
  }
  const text = acceptText(form, await readValue(context, `${name}, ${form.expects}:`));
  await storeText(context, { stack, store }, { name: needed.name, entry, text, act });
  const use =
    entry === undefined
      ? 'use it within seconds'
      : 'use it within three minutes, or as soon as the old value is rejected';
  terminal.say(`${name} is written. Functions ${use}.`);
  if (isShared(needed)) terminal.say(`The source uses one account: store the same value as ${otherName(name)}.`);
  terminal.document({ name: needed.name, written: true });
  return EXIT.ok;
}

/** Stores a text that `acceptText` accepted, between two lines of the audit trail. */
export function storeText(
  context: BareContext,
  { stack, store }: Pick<StackSecrets, 'stack' | 'store'>,
  { name, entry, text, act }: { name: string; entry: SecretEntry | undefined; text: string; act: string },
): Promise<void> {
  const short = shortName(stack, name);
  return recordAct(context, act, { secret: short }, () =>
    requireWritten(short, entry === undefined ? store.create(name, text) : store.put(entry, text)),
  );
}

const consequence = (kind: 'rotating' | 'whole', name: string) =>
  kind === 'rotating'
    ? `Requests that use the old value are rejected from then on; "secrets rotate ${name}" keeps both.`
    : 'Keep the old value valid in the other system for three more minutes.';

const isShared = (needed: NeededSecret) =>
  (needed.kind === 'tickets' || needed.kind === 'tickets-read') && ticketAccess(needed.tickets) === 'one-secret';

const otherName = (name: string) =>
  name.startsWith('tickets-read/')
    ? name.replace('tickets-read/', 'tickets/')
    : name.replace('tickets/', 'tickets-read/');
