import { createSecretStore, type SecretStore, type Written } from '../../../../shared/aws/secret-store.ts';
import type { Configuration } from '../../../../shared/domain/configuration/configuration.ts';
import { type NeededSecret, neededSecrets } from '../../../../shared/domain/configuration/needed-secrets.ts';
import { parseSettings } from '../../../../shared/settings/parse-settings.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import { readFileOrInput } from '../../session/choose.ts';
import type { BareContext } from '../../session/command.ts';
import { environmentOf, loadTargetSettings } from '../../session/settings.ts';

/** The secrets of a stack. A person calls them by what follows the stack's name: `source/servicenow`. */
export type StackSecrets = {
  stack: string;
  store: SecretStore;
  needed: NeededSecret[];
  /** For the SDK clients of the target. */
  env: Record<string, string | undefined>;
};

/** Opens the secrets that the target's settings need, or those of a file that is not pushed yet. */
export async function openSecrets(context: BareContext, file: string | undefined): Promise<StackSecrets> {
  const target = context.findTarget();
  const env = environmentOf(target, context.processContext.env);
  const settings: Pick<Configuration, 'tenants' | 'sources'> =
    file === undefined
      ? await loadTargetSettings(target, context.processContext.env)
      : parseSettings(await readFileOrInput(file, context.processContext), file).settings;
  const needed = neededSecrets({ ...settings, name: target.name });
  return { stack: target.name, store: createSecretStore({ env }), needed, env };
}

/** The name without the stack's. */
export const shortName = (stack: string, name: string): string => name.slice(stack.length + 1);

/** More names than these are not listed in an error. */
const MOST_NAMED = 20;

/** Finds a needed secret by its short name. Throws an `OpsError` that lists them. */
export function findNeeded({ stack, needed }: StackSecrets, short: string): NeededSecret {
  const found = needed.find(({ name }) => name === `${stack}/${short}`);
  if (found !== undefined) return found;
  const names = needed.slice(0, MOST_NAMED).map(({ name }) => shortName(stack, name));
  const more = needed.length > MOST_NAMED ? ', … (zpa-changes secrets list)' : '';
  const remedy = `Choose one of: ${names.join(', ')}${more}. For settings that are not pushed yet, add --settings FILE.`;
  throw new OpsError(EXIT.notFound, 'which-secret', `The settings need no secret "${short}".`, remedy);
}

/**
 * Reads the value: from a person without showing it, else from stdin. The line end that editors and shells add is taken
 * off. `preset`: the value if none is given.
 */
export async function readValue(
  { processContext: { console } }: BareContext,
  question: string,
  preset = '',
): Promise<string> {
  const given = console.interactive ? await console.askSecret(question) : await console.readInput();
  const value = given.replace(/(\r?\n)+$/, '') || preset;
  if (value !== '') return value;
  throw new OpsError(EXIT.usage, 'secret-empty', 'No value was given.', 'Pass it on stdin: … < FILE.');
}

/** Awaits a write of the store. Throws an `OpsError` if somebody else has written the secret since it was looked at. */
export async function requireWritten(short: string, writing: Promise<Written>): Promise<void> {
  if ((await writing) === 'written') return;
  const sentence = `Somebody else has changed ${short} in the meantime. Your value was not written.`;
  const remedy =
    'Check who changed it and when (zpa-changes secrets list), and run the command again if it is still needed.';
  throw new OpsError(EXIT.failed, 'secret-taken', sentence, remedy);
}
