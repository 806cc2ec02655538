import { AwsCause, callAws } from '../aws-error.ts';

/** Runs one AWS call that only looks. Rejects with code `inspection-failed`. */
export const inspect = <T>(doing: string, call: () => Promise<T>): Promise<T> =>
  callAws('inspection-failed', doing, call);

/** Each service has its own names for the same answers. */
const DENIED = /^(AccessDenied|Authorization|Unauthorized|NotAuthorized|KMSAccessDenied)/;
const ABSENT = /^(ResourceNotFound|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)/;

/**
 * Tells whether an error, or one that caused it, is AWS's refusal of a call for lack of a permission. The errors of ZPA's
 * client keep of what caused them the name alone, for example of a secret that may not be read.
 */
export const isAccessDenied = (error: unknown): boolean =>
  error instanceof Error && (DENIED.test(error.name) || isAccessDenied(error.cause));

const ACTION = /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/;

/** The IAM action that AWS refused, as `dynamodb:PutItem`; undefined: it names none, or refused nothing. */
export const deniedAction = (error: unknown): string | undefined =>
  causes(error).flatMap(({ name, message }) => (DENIED.test(name) ? (ACTION.exec(message)?.[1] ?? []) : []))[0];

/** Tells whether an error, or one that caused it, is AWS's answer that there is no such resource. */
export const isAbsent = (error: unknown): boolean =>
  causes(error).some(({ name, message }) => ABSENT.test(name) || /^Stack with id \S+ does not exist$/.test(message));

function causes(error: unknown): AwsCause[] {
  if (error instanceof AwsCause) return [error];
  return error instanceof Error ? causes(error.cause) : [];
}
