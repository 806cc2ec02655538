import { unknownOperation } from '../common/aws-error.ts';
import type { SecretsContext } from './secret.ts';
import { createSecret, describeSecret, getSecretValue, putSecretValue } from './values.ts';

type Action = (secrets: SecretsContext, input: unknown) => object;

const ACTIONS: Record<string, Action> = {
  CreateSecret: createSecret,
  DescribeSecret: describeSecret,
  GetSecretValue: getSecretValue,
  PutSecretValue: putSecretValue,
};

/** Secrets Manager over JSON 1.1; throws `AwsError`. */
export function actOnSecrets(context: SecretsContext, operation: string, input: unknown): object {
  const action = ACTIONS[operation];
  if (action === undefined) throw unknownOperation(operation);
  return context.db.transaction(() => action(context, input));
}
