import { unknownOperation } from '../common/aws-error.ts';
import { deleteSecret, describeSecret, listSecrets, restoreSecret } from './entries.ts';
import type { SecretsContext } from './secret.ts';
import { createSecret, getSecretValue, putSecretValue } from './values.ts';

type Action = (secrets: SecretsContext, input: unknown) => object;

const ACTIONS: Record<string, Action> = {
  CreateSecret: createSecret,
  DeleteSecret: deleteSecret,
  DescribeSecret: describeSecret,
  GetSecretValue: getSecretValue,
  ListSecrets: listSecrets,
  PutSecretValue: putSecretValue,
  RestoreSecret: restoreSecret,
};

/** Secrets Manager over JSON 1.1; throws `AwsError`. */
export function actOnSecrets(context: SecretsContext, operation: string, input: unknown): object {
  const action = ACTIONS[operation];
  if (action === undefined) throw unknownOperation(operation);
  return context.db.transaction(() => action(context, input));
}
