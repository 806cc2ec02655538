import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { createSecretReader } from '../../../../shared/aws/secret-reader.ts';
import type { SecretEntry } from '../../../../shared/aws/secret-store.ts';
import type { NeededSecret } from '../../../../shared/domain/configuration/needed-secrets.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { acceptLive, formOf, type RotatingForm, storedText } from '../../checks/secret-form.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { BareCommand, BareContext, BindBareCommand } from '../../session/command.ts';
import { recordAct } from '../../session/record-act.ts';
import { findNeeded, openSecrets, readValue, requireWritten, type StackSecrets, shortName } from './open-secrets.ts';
import { replaceWhole } from './secrets-set.ts';

const HELP = `
During a rotation, secrets of sources, catalogs, webhook receivers and status links
have two valid values, so nothing is rejected while the other system switches over.
On a terminal, Enter alone makes the new value and shows it once; that of "status" is
always generated.
  1. zpa-changes secrets rotate source/servicenow           new and old are valid
  2. enter the new value in the ticket system
  3. zpa-changes secrets rotate source/servicenow --finish  only the new one
--undo keeps only the old value.
A ZPA API client or a ticket-system account has only one value here: create a second
credential there, rotate, and revoke the old one a few minutes later.`;

/** Adds the command `secrets rotate`. */
export function addSecretsRotate(secrets: Command, bind: BindBareCommand): void {
  secrets
    .command('rotate')
    .description('Replaces the value of a secret without downtime.')
    .argument('<name>', 'for example source/SOURCE: see "secrets list"')
    .option('--finish', 'end a rotation and keep the new value')
    .option('--undo', 'end a rotation and keep the old value')
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(bind(rotate));
}

type Options = { finish?: boolean; undo?: boolean; yes?: boolean };

const ACT = 'secrets rotate';

const rotate: BareCommand<Options> = async (context, options, short = '') => {
  const { finish = false, undo = false, yes = false } = options;
  const secrets = await openSecrets(context, undefined);
  const needed = findNeeded(secrets, short);
  const entry = await secrets.store.describe(needed.name);
  if (entry?.state !== 'value') {
    const remedy =
      needed.kind === 'status' ? 'The deployment makes it.' : `Store one: zpa-changes secrets set ${short}.`;
    throw new OpsError(EXIT.notFound, 'secret-missing', `${short} has no value.`, remedy);
  }
  if (finish && undo)
    throw new OpsError(EXIT.usage, 'which-end', '--finish and --undo cannot be combined.', 'Use one of them.');
  const form = formOf(needed);
  if (form.kind === 'rotating') {
    const rotation = { context, secrets, needed, entry, form, live: await readLive(secrets, needed, form) };
    return finish || undo ? end(rotation, finish ? 'new' : 'old', yes) : begin(rotation);
  }
  if (!finish && !undo) return replaceWhole(context, secrets, needed, entry, { act: ACT, yes });
  const sentence = `${short} is a single credential without a second value.`;
  throw new OpsError(EXIT.usage, 'no-rotation', sentence, 'Leave --finish and --undo out.');
};

type Live = readonly [current: string, previous?: string];

type Rotation = {
  context: BareContext;
  secrets: StackSecrets;
  needed: NeededSecret;
  entry: SecretEntry;
  form: RotatingForm;
  live: Live;
};

async function readLive({ stack, env }: StackSecrets, { name }: NeededSecret, form: RotatingForm): Promise<Live> {
  const [current, previous] = form.parse(await createSecretReader({ env, clock: systemClock }).read(name)) ?? [];
  if (current !== undefined) return previous === undefined ? [current] : [current, previous];
  const sentence = `The stored value of ${shortName(stack, name)} is malformed; the functions cannot use it.`;
  throw new OpsError(EXIT.failed, 'secret-malformed', sentence, 'Replace it: zpa-changes secrets set.');
}

async function begin({ context, secrets, needed, entry, form, live: [current, previous] }: Rotation) {
  const { terminal } = context;
  const { console } = context.processContext;
  const name = shortName(secrets.stack, needed.name);
  if (previous !== undefined) {
    const remedy = 'End it first: --finish keeps the new value, --undo the old one.';
    throw new OpsError(
      EXIT.failed,
      'rotation-lasts',
      `A rotation of ${name} is in progress: two values are valid.`,
      remedy,
    );
  }
  const isGenerated = needed.kind === 'status';
  // Without a person nobody would see a value that is made, and could enter it in the other system.
  const canShow = console.interactive && !terminal.json;
  const made = isGenerated || canShow ? form.make(randomBytes(isGenerated ? 48 : 32)) : undefined;
  const offer = canShow ? ' (Enter alone makes one and shows it)' : '';
  const given = isGenerated
    ? [made]
    : acceptLive(form, await readValue(context, `New ${name}, ${form.expects}${offer}:`, made));
  const [next, ...more] = given;
  if (next === undefined || more.length > 0) {
    throw new OpsError(EXIT.usage, 'secret-malformed', 'Two values were given.', 'Give only the new one.');
  }
  if (next === current) {
    throw new OpsError(EXIT.usage, 'secret-same', `${name} already has this value.`, 'Use a new value.');
  }
  const text = storedText([next, current]);
  await recordAct(context, ACT, { secret: name }, () =>
    requireWritten(name, secrets.store.put(entry, text, { isRotating: true })),
  );
  if (next === made && !isGenerated) console.err(`\n   ${terminal.colours.bold(next)}\n\n   It is not shown again.\n`);
  terminal.say(`Two values of ${name} are valid now. ${isGenerated ? '' : NEXT[needed.kind]}`.trim());
  terminal.say(`Then, or to go back: zpa-changes secrets rotate ${name} --finish, or --undo.`);
  terminal.document({ name: needed.name, live: 2 });
  return EXIT.ok;
}

const OTHER_SIDE = 'Enter the new value in the ticket system.';
const NEXT: Record<NeededSecret['kind'], string> = {
  source: OTHER_SIDE,
  catalog: 'Enter the new value where the catalog is fetched.',
  tickets: 'Notifications are signed with both: enter the new value in the receiver.',
  'tickets-read': OTHER_SIDE,
  zpa: '',
  status: '',
};

async function end({ context, secrets, needed, entry, live }: Rotation, kept: 'new' | 'old', yes: boolean) {
  const { terminal } = context;
  const name = shortName(secrets.stack, needed.name);
  const [current, previous] = live;
  if (previous === undefined) {
    throw new OpsError(
      EXIT.notFound,
      'no-rotation',
      `No rotation of ${name} is in progress.`,
      'There is one value, which is valid.',
    );
  }
  const question = `Keep only the ${kept} value of ${name}? Requests that use the other value are rejected from then on.`;
  if (!(await terminal.confirm(question, yes))) return EXIT.interrupted;
  await recordAct(context, ACT, { secret: name, end: kept }, () =>
    requireWritten(name, secrets.store.put(entry, storedText([kept === 'new' ? current : previous]))),
  );
  terminal.say(`Within three minutes only the ${kept} value of ${name} is valid.`);
  terminal.document({ name: needed.name, live: 1 });
  return EXIT.ok;
}
