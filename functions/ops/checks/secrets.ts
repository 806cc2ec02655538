import { isAccessDenied } from '../../../shared/aws/inspect/inspect-error.ts';
import type { SecretEntry } from '../../../shared/aws/secret-store.ts';
import { errorCode } from '../../../shared/ports/error-code.ts';
import { forEachAtOnce } from '../../../shared/runtime/at-once.ts';
import type { ExpectedSecret } from './expected-secrets.ts';
import { couldNotCheck, type Finding, messageOf, ok, unknown, wrong } from './finding.ts';

/** `describe` reads no value. `read` rejects with code `secret-missing` if there is none. */
export type Secrets = {
  expected: readonly ExpectedSecret[];
  read(name: string): Promise<string>;
  describe(name: string): Promise<SecretEntry | undefined>;
};

const AT_ONCE = 8;
const READ = ['secretsmanager:GetSecretValue'];
export const DESCRIBE = ['secretsmanager:DescribeSecret'];

/** Checks that every secret of the settings is there, and well-formed if somebody besides one function may read it. */
export async function checkSecrets(secrets: Secrets): Promise<Finding[]> {
  const found = new Map<string, Finding>();
  await forEachAtOnce(secrets.expected, AT_ONCE, async (one) => {
    found.set(one.name, await ('parse' in one ? checkContent(secrets, one) : checkPresence(secrets, one)));
  });
  return secrets.expected.flatMap(({ name }) => found.get(name) ?? []);
}

async function checkContent(secrets: Secrets, one: ExpectedSecret & { parse: (text: string) => void }) {
  const { name, parse, remedy } = one;
  let text: string;
  try {
    text = await secrets.read(name);
  } catch (error) {
    if (errorCode(error) === 'secret-missing') return missing(one);
    return isAccessDenied(error) ? checkUnread(secrets, one) : couldNotCheck(error, READ, name);
  }
  try {
    parse(text);
    return ok('exists and is well-formed', name);
  } catch (error) {
    return wrong(`is malformed: ${messageOf(error)}`, remedy, name);
  }
}

/** A secret that this person may not read may still be missing. */
async function checkUnread(secrets: Secrets, one: ExpectedSecret): Promise<Finding> {
  const presence = await checkPresence(secrets, { ...one, readBy: '' });
  if (presence.result !== 'ok') return presence;
  const says = 'exists; its format was not checked, because you may not read it';
  return unknown(says, `Grant ${READ[0]} on it, or ask somebody who has it.`, one.name);
}

async function checkPresence({ describe }: Secrets, one: ExpectedSecret & { readBy: string }): Promise<Finding> {
  const { name, readBy } = one;
  try {
    const entry = await describe(name);
    if (entry === undefined || entry.state === 'empty') return missing(one);
    if (entry.state === 'deleted') {
      const remedy = `aws secretsmanager restore-secret --secret-id ${name}`;
      return wrong('is scheduled for deletion and cannot be read', remedy, name);
    }
    return ok(`exists; its value is readable by ${readBy} only and was not checked`, name);
  } catch (error) {
    return couldNotCheck(error, DESCRIBE, name);
  }
}

const missing = ({ name, remedy }: ExpectedSecret) => wrong('is missing', remedy, name);
