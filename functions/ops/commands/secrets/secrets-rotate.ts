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
Secrets of sources, catalogs, receivers of webhooks and status links hold two
values while a rotation lasts: both are valid, so nothing is refused while the
other side changes over. For "status" the new value is generated.
  1. zpa-changes secrets rotate source/servicenow           new and old are valid
  2. put the new one into the ticket system
  3. zpa-changes secrets rotate source/servicenow --finish  the new one alone
--undo goes back to the old one alone.
A ZPA API client and an account of a ticket system are replaced as a whole: have
the other side take old and new, rotate, and revoke the old one minutes later.`;

/** Adds the command `secrets rotate`. */
export function addSecretsRotate(secrets: Command, bind: BindBareCommand): void {
  secrets
    .command('rotate')
    .description('Replaces the value of a secret so that nothing is refused meanwhile.')
    .argument('<name>', 'for example source/SOURCE: see "secrets list"')
    .option('--finish', 'end a rotation: the new value alone is valid')
    .option('--undo', 'take a rotation back: the old value alone is valid')
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
    throw new OpsError(EXIT.usage, 'which-end', 'Two ends were asked for.', 'Give one of --finish and --undo.');
  const form = formOf(needed);
  if (form.kind === 'rotating') {
    const rotation = { context, secrets, needed, entry, form, live: await readLive(secrets, needed, form) };
    return finish || undo ? end(rotation, finish ? 'new' : 'old', yes) : begin(rotation);
  }
  if (!finish && !undo) return replaceWhole(context, secrets, needed, entry, { act: ACT, yes });
  const sentence = `${short} is one credential: the product holds no second one of it.`;
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
  const sentence = `What is stored as ${shortName(stack, name)} cannot be used by the functions either.`;
  throw new OpsError(EXIT.failed, 'secret-malformed', sentence, 'Replace it: zpa-changes secrets set.');
}

async function begin({ context, secrets, needed, entry, form, live: [current, previous] }: Rotation) {
  const { terminal } = context;
  const name = shortName(secrets.stack, needed.name);
  if (previous !== undefined) {
    const remedy = 'End it first: --finish keeps the new value, --undo the old one.';
    throw new OpsError(EXIT.failed, 'rotation-lasts', `A rotation of ${name} lasts: two values are valid.`, remedy);
  }
  const isGenerated = needed.kind === 'status';
  const given = isGenerated
    ? [generated()]
    : acceptLive(form, await readValue(context, `New ${name}, ${form.expects}:`));
  const [next, ...more] = given;
  if (next === undefined || more.length > 0) {
    throw new OpsError(EXIT.usage, 'secret-malformed', 'Two values were given.', 'Give the new one alone.');
  }
  if (next === current) {
    throw new OpsError(EXIT.usage, 'secret-same', `This is the value that ${name} has already.`, 'Give it a new one.');
  }
  const text = storedText([next, current]);
  await recordAct(context, ACT, { secret: name }, () =>
    requireWritten(name, secrets.store.put(entry, text, { isRotating: true })),
  );
  terminal.say(`Two values of ${name} are valid now. ${isGenerated ? '' : NEXT[needed.kind]}`.trim());
  terminal.say(`Then, or to go back: zpa-changes secrets rotate ${name} --finish, or --undo.`);
  terminal.document({ name: needed.name, live: 2 });
  return EXIT.ok;
}

const OTHER_SIDE = 'Put the new one into the ticket system.';
const NEXT: Record<NeededSecret['kind'], string> = {
  source: OTHER_SIDE,
  catalog: 'Put the new one where the catalog is fetched.',
  tickets: 'What is sent is signed by both: put the new one into the receiver.',
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
      `No rotation of ${name} lasts.`,
      'There is one value, which is valid.',
    );
  }
  const question = `Let the ${kept} value of ${name} alone be valid? What is proved by the other is refused from then on.`;
  if (!(await terminal.confirm(question, yes))) return EXIT.interrupted;
  await recordAct(context, ACT, { secret: name, end: kept }, () =>
    requireWritten(name, secrets.store.put(entry, storedText([kept === 'new' ? current : previous]))),
  );
  terminal.say(`The ${kept} value of ${name} alone is valid, within three minutes.`);
  terminal.document({ name: needed.name, live: 1 });
  return EXIT.ok;
}

/** As long as the one that the deployment generates. */
const generated = () => randomBytes(48).toString('base64url');
