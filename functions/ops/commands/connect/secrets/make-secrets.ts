import { randomBytes } from 'node:crypto';
import type { NeededSecret } from '../../../../../shared/domain/configuration/needed-secrets.ts';
import { schemeOf } from '../../../../../shared/domain/source/schemes.ts';
import { acceptText, formOf, storedText } from '../../../checks/secret-form.ts';
import { EXIT, OpsError } from '../../../output/exit-codes.ts';
import type { BareContext } from '../../../session/command.ts';
import { openSecrets, type StackSecrets, shortName } from '../../secrets/open-secrets.ts';
import { storeText } from '../../secrets/secrets-set.ts';
import type { Credentials } from './credentials.ts';
import { readGiven, writeGenerated } from './secret-files.ts';

/** `folder`: of files, for a run without a person; `credentials`: of the accounts in the ticket system. */
export type Given = { folder: string | undefined; credentials: Credentials };

/**
 * A secret of the source. `value`: just generated, for the screen of the person who enters it; `file`: where a run without a
 * person finds it.
 */
export type MadeSecret = {
  name: string;
  kind: NeededSecret['kind'];
  state: 'present' | 'written';
  value?: string;
  file?: string;
};

/** Makes the secrets of a source that have no value yet. One that has a value stays, and is not shown. */
export async function makeSecrets(context: BareContext, source: string, given: Given): Promise<MadeSecret[]> {
  const secrets = await openSecrets(context, undefined);
  const ofSource = secrets.needed.filter((one) => 'source' in one && one.source === source && one.kind !== 'catalog');
  const made: MadeSecret[] = [];
  for (const needed of ofSource) made.push(await makeSecret(context, secrets, needed, given));
  return made;
}

async function makeSecret(
  context: BareContext,
  secrets: StackSecrets,
  needed: NeededSecret,
  given: Given,
): Promise<MadeSecret> {
  const name = shortName(secrets.stack, needed.name);
  const { kind } = needed;
  const entry = await secrets.store.describe(needed.name);
  if (entry?.state === 'value') return { name, kind, state: 'present' };
  const { text, ...rest } = await newValue(context, needed, given);
  await storeText(context, secrets, { name: needed.name, entry, text, act: 'secrets set' });
  context.terminal.say(`${name} is stored.`);
  return { name, kind, state: 'written', ...rest };
}

type NewValue = { text: string; value?: string; file?: string };

async function newValue(context: BareContext, needed: NeededSecret, given: Given): Promise<NewValue> {
  const { kind } = needed;
  const form = formOf(needed);
  const isAccount = kind === 'tickets-read' || (kind === 'tickets' && needed.tickets.kind !== 'webhook');
  if (isAccount) return { text: acceptText(form, await given.credentials(kind)) };
  const known = await readGiven(context, given.folder, kind);
  if (known !== undefined) return { text: acceptText(form, known) };
  const scheme = needed.kind === 'source' ? needed.configured.scheme : ({ kind: 'standard-webhooks' } as const);
  const value = schemeOf(scheme).toSecret(randomBytes(32));
  // The file is written first: a value that is stored and nowhere to be read could never be entered.
  if (given.folder !== undefined) {
    return { text: storedText([value]), file: await writeGenerated(context, given.folder, kind, value) };
  }
  if (context.processContext.console.interactive && !context.terminal.json) return { text: storedText([value]), value };
  const remedy = `Name a folder with --secrets: the value is written to its file ${kind}.txt. Or store one: zpa-changes secrets set.`;
  throw new OpsError(
    EXIT.usage,
    'connect-secret',
    'Nobody is there to whom a generated secret could be shown.',
    remedy,
  );
}
