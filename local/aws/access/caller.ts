import type { IncomingMessage } from 'node:http';
import { FUNCTIONS, type FunctionName } from '../../../shared/deployment/resources.ts';
import { ROLES, type Role } from '../../../shared/deployment/roles.ts';
import { AwsError } from '../common/aws-error.ts';

/**
 * Access key id of a caller that is no function: tests, the CLI, and the provisioning of resources. It may do
 * everything.
 */
export const OPERATOR = 'local';

/** A function of a configuration, as the deployment names it. */
export type Caller = { configuration: string; name: FunctionName };

/** A person who has the policy of a role and no other right. */
type Person = { configuration: string; role: Role };

/** The environment of one function: it signs with its own name, as in AWS with its role's credentials. */
export function signedBy<T extends Record<string, string>>(env: T, { configuration, name }: Caller): T {
  return { ...env, AWS_ACCESS_KEY_ID: `${configuration}-${name}` };
}

/**
 * The function or the person of a role that signed a request, or `operator`. An unknown key is refused, so that a
 * misspelt one gets no access.
 */
export function callerOf(request: IncomingMessage): Caller | Person | 'operator' {
  const [, key] = /\bCredential=([^/,]+)\//.exec(request.headers.authorization ?? '') ?? [];
  if (key === undefined)
    throw new AwsError('MissingAuthenticationToken', 'The request is not signed.', { status: 403 });
  if (key === OPERATOR) return 'operator';
  const [, configuration, name] = /^(.+)-([^-]+)$/.exec(key) ?? [];
  if (configuration !== undefined && isRole(name)) return { configuration, role: name };
  if (configuration === undefined || !isFunction(name)) {
    const message = `The access key id ${key} is nobody's here: people sign as ${OPERATOR}.`;
    throw new AwsError('UnrecognizedClientException', message, { queryCode: 'InvalidClientTokenId', status: 403 });
  }
  return { configuration, name };
}

const isFunction = (name: string | undefined): name is FunctionName =>
  name !== undefined && Object.hasOwn(FUNCTIONS, name);

const isRole = (name: string | undefined): name is Role => ROLES.some((role) => role === name);
