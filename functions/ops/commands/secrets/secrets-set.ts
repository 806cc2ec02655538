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
The value is asked for and not shown; without a terminal it is read from stdin.
It is parsed as the functions parse it before anything is written, and is
neither printed nor part of an error. The name is what follows the stack's name.
Examples:
  zpa-changes secrets set source/servicenow
  zpa-changes secrets set zpa/acme-prod/write < write.json
  zpa-changes secrets set zpa/new-tenant/read --settings settings.json < read.json`;

/** Adds the command `secrets set`. */
export function addSecretsSet(secrets: Command, bind: BindBareCommand): void {
  secrets
    .command('set')
    .description('Stores the value of a secret; makes the secret if it is not there.')
    .argument('<name>', 'for example zpa/TENANT/write or source/SOURCE: see "secrets list"')
    .option('--settings <file>', 'settings that are not pushed yet, instead of the target’s')
    .option('--yes', 'replace a value without asking')
    .addHelpText('after', HELP)
    .action(bind(set));
}

type Options = { settings?: string; yes?: boolean };

const set: BareCommand<Options> = async (context, { settings, yes = false }, name = '') => {
  const secrets = await openSecrets(context, settings);
  const needed = findNeeded(secrets, name);
  if (needed.kind === 'status') {
    const sentence = 'This secret is generated, and nobody needs to know it.';
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
    terminal.say(`${name} has a value since ${formatTime(entry.changedAt)}. ${consequence(form.kind, name)}`);
    if (!(await terminal.confirm('Replace it?', yes))) return EXIT.interrupted;
  }
  const text = acceptText(form, await readValue(context, `${name}, ${form.expects}:`));
  await recordAct(context, act, { secret: name }, () =>
    requireWritten(name, entry === undefined ? store.create(needed.name, text) : store.put(entry, text)),
  );
  const use =
    entry === undefined
      ? 'find it within seconds'
      : 'use it within three minutes, and as soon as the old one is refused';
  terminal.say(`${name} is written. Functions ${use}.`);
  if (isShared(needed)) terminal.say(`The source has one account: store the same as ${otherName(name)}.`);
  terminal.document({ name: needed.name, written: true });
  return EXIT.ok;
}

const consequence = (kind: 'rotating' | 'whole', name: string) =>
  kind === 'rotating'
    ? `What is proved by the old one is refused from then on; "secrets rotate ${name}" keeps both.`
    : 'Let the other side take the old one for three minutes more.';

const isShared = (needed: NeededSecret) =>
  (needed.kind === 'tickets' || needed.kind === 'tickets-read') && ticketAccess(needed.tickets) === 'one-secret';

const otherName = (name: string) =>
  name.startsWith('tickets-read/')
    ? name.replace('tickets-read/', 'tickets/')
    : name.replace('tickets/', 'tickets-read/');
