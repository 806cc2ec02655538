import { denialIn } from '../../output/denied.ts';
import { EXIT, OpsError, toOpsError } from '../../output/exit-codes.ts';
import type { Role } from '../contract.ts';

/** The error as a person can use it: what AWS refuses for want of rights names the role that would be allowed. */
export function describeError(error: unknown, role: Role): OpsError {
  const denial = denialIn(error);
  if (denial === undefined) return toOpsError(error);
  const what = denial.action === undefined ? 'this' : denial.action;
  const remedy = `The role ${role} does. Ask the administrators of the AWS account for it (docs/security.md).`;
  return new OpsError(EXIT.unreachable, 'access-denied', `Your AWS rights do not allow ${what}.`, remedy, error);
}

/** The HTTP status of a page that shows the error. */
export function statusOf({ exit }: OpsError): number {
  if (exit === EXIT.notFound) return 404;
  if (exit === EXIT.usage) return 400;
  return exit === EXIT.unreachable ? 502 : 500;
}
