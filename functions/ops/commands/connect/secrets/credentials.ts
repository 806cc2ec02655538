import { createSecretReader } from '../../../../../shared/aws/secret-reader.ts';
import { secretNames } from '../../../../../shared/domain/configuration/configuration.ts';
import { systemClock } from '../../../../../shared/runtime/clock.ts';
import { EXIT, OpsError } from '../../../output/exit-codes.ts';
import type { BareContext } from '../../../session/command.ts';
import { environmentOf } from '../../../session/settings.ts';
import { readGiven } from './secret-files.ts';

/** `tickets`: of the account that writes; `tickets-read`: of the one that reads. */
export type Right = 'tickets' | 'tickets-read';

/** The accounts of a ticket system. A name is empty where it is not known yet; without a `reader` one account does both. */
export type Accounts = { kind: 'servicenow' | 'jira'; writer: string; reader: string | undefined };

/** Answers the credential of an account, and asks for it once. */
export type Credentials = (right: Right) => Promise<string>;

const WORDS = {
  servicenow: { name: 'user', secret: 'password', ask: 'User ID' },
  jira: { name: 'email', secret: 'apiToken', ask: 'Email address' },
} as const;

/** Gets credentials from the folder of files, from a stored secret of the same account, or from a person. */
export function askingCredentials(
  context: BareContext,
  source: string,
  { kind, writer, reader }: Accounts,
  folder: string | undefined,
): Credentials {
  const asked = new Map<Right, Promise<string>>();
  const rightOf = (right: Right): Right => (reader === undefined ? 'tickets' : right);
  const get = async (right: Right): Promise<string> => {
    const given = await readGiven(context, folder, right);
    if (given !== undefined) return given;
    const stored = reader === undefined ? await readStored(context, source) : undefined;
    return stored ?? askPerson(context, kind, right === 'tickets' ? writer : (reader ?? ''));
  };
  return (right) => {
    const own = rightOf(right);
    const known = asked.get(own) ?? get(own);
    asked.set(own, known);
    return known;
  };
}

/** The credential that an interrupted run stored under one of its two names. */
async function readStored({ findTarget, processContext: { env } }: BareContext, source: string) {
  const target = findTarget();
  const reader = createSecretReader({ env: environmentOf(target, env), clock: systemClock });
  for (const nameOf of [secretNames.tickets, secretNames.ticketsRead]) {
    const text = await reader.read(nameOf(target.name, source)).catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}

async function askPerson({ terminal, processContext }: BareContext, kind: Accounts['kind'], account: string) {
  const words = WORDS[kind];
  const { interactive, askSecret } = processContext.console;
  if (!interactive) throw nobodyError();
  const name = account === '' ? await terminal.ask({ message: words.ask, fault: nameFault }) : account;
  const secret = await askSecret(`${kind === 'jira' ? 'API token' : 'Password'} of ${name}:`);
  return JSON.stringify({ [words.name]: name, [words.secret]: secret.trim() });
}

const nameFault = (name: string) => (/^[^\s:]+$/.test(name) ? undefined : 'must be the name of an account');

function nobodyError(): OpsError {
  const remedy =
    'Name a folder with --secrets whose file tickets.txt holds {"user", "password"} or {"email", "apiToken"}; that of a reader is tickets-read.txt.';
  return new OpsError(EXIT.usage, 'connect-secret', 'Nobody can be asked for the credential.', remedy);
}
