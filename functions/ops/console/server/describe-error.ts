import { deniedAction, isAccessDenied } from '../../../../shared/aws/inspect/inspect-error.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { EXIT, OpsError, toOpsError } from '../../output/exit-codes.ts';
import type { Role } from '../contract.ts';

/** The error as a person can use it: what AWS refuses for want of rights names the role that would be allowed. */
export function describeError(error: unknown, role: Role): OpsError {
  if (!isAccessDenied(error)) return toOpsError(error);
  const action = deniedAction(error);
  const sentence = `Your AWS rights do not allow ${action ?? 'this'}.`;
  const doing = action === undefined && error instanceof Error ? ` ${asSentence(error.message)}` : '';
  const remedy = `Those of the role ${role} do. Ask the administrators of the AWS account for its policy (docs/security.md).`;
  return new OpsError(EXIT.unreachable, 'access-denied', sentence + doing, remedy, error);
}

/** The HTTP status of a page that shows the error. */
export function statusOf({ code, exit }: OpsError): number {
  if (code === 'form-too-long') return 413;
  if (code === 'not-allowed') return 403;
  if (exit === EXIT.notFound) return 404;
  if (exit === EXIT.usage) return 400;
  return exit === EXIT.unreachable ? 502 : 500;
}
