import { AwsCause, AwsError } from '../../../../shared/aws/aws-error.ts';

/** AWS's refusal of a call, as an adapter passes it on. */
export function deniedError(): AwsError {
  const refusal = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
  return new AwsError('inspection-failed', 'Looking failed: AccessDeniedException', new AwsCause(refusal));
}
