/** Names of the errors by which AWS services refuse a call for want of rights. */
const DENIALS =
  /^(AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException|UnauthorizedOperation|KMSAccessDeniedException|KmsAccessDenied)$/;

const ACTION = /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/;

/** A call that AWS refused for want of rights; `action` as far as AWS names it, as `dynamodb:PutItem`. */
export type Denial = { action: string | undefined };

/** Finds the refusal in an error or in its causes; undefined: AWS refused nothing. */
export function denialIn(error: unknown): Denial | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (DENIALS.test(one.name)) return { action: ACTION.exec(one.message)?.[1] };
  }
  return undefined;
}
