import { AwsCause } from '../../../shared/aws/aws-error.ts';
import { type Finding, messageOf, ok, unknown, wrong } from './finding.ts';

/** `account`: the one of the stack; absent while there is none. */
type Identity = { whoAmI(): Promise<string>; account?: string };

/** Checks whether AWS accepts the credentials, and that they are of the stack's account. */
export async function checkIdentity({ whoAmI, account }: Identity): Promise<Finding[]> {
  let arn: string;
  try {
    arn = await whoAmI();
  } catch (error) {
    return [isRefusal(error) ? refused(error) : unknown(messageOf(error), 'Check the network, and try again.')];
  }
  const own = arn.split(':')[4] ?? '';
  if (account === undefined || own === account) return [ok(`you are ${arn}`)];
  const remedy = 'Use credentials of that account, or another --target.';
  return [wrong(`you are ${arn}, but the stack is in account ${account}`, remedy)];
}

function refused(error: unknown): Finding {
  const remedy = 'Sign in to AWS again; `aws sts get-caller-identity` must succeed.';
  return wrong(`no valid AWS credentials: ${messageOf(error)}`, remedy);
}

/** AWS answered, or there was nothing to ask it with. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !(error.cause instanceof AwsCause)) return false;
  const { status, name } = error.cause;
  return (status !== undefined && status < 500) || name === 'CredentialsProviderError';
}
