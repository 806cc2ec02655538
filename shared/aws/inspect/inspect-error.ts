import { AwsCause, callAws } from '../aws-error.ts';

/** Runs one AWS call that only looks. Rejects with code `inspection-failed`. */
export const inspect = <T>(doing: string, call: () => Promise<T>): Promise<T> =>
  callAws('inspection-failed', doing, call);

/** Each service has its own name for the same refusal. */
const DENIED = /^(AccessDenied|Authorization|Unauthorized|NotAuthorized|KMSAccessDenied)/;

/** Whether an error, or one that caused it, is AWS's refusal of a call for lack of a permission. */
export function isAccessDenied(error: unknown): boolean {
  if (error instanceof AwsCause) return DENIED.test(error.name);
  return error instanceof Error && isAccessDenied(error.cause);
}
