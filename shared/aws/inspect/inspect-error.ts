import { AwsCause, AwsError, callAws } from '../aws-error.ts';

/** Runs one AWS call that only looks. Rejects with code `inspection-failed`. */
export const inspect = <T>(doing: string, call: () => Promise<T>): Promise<T> =>
  callAws('inspection-failed', doing, call);

/** Each service has its own name for the same refusal. */
const DENIED = /^(AccessDenied|Authorization|Unauthorized|NotAuthorized|KMSAccessDenied)/;

/** Whether AWS refused a call for lack of a permission. */
export function isAccessDenied(error: unknown): boolean {
  return error instanceof AwsError && error.cause instanceof AwsCause && DENIED.test(error.cause.name);
}
