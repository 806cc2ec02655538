import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { secretNames } from '../../shared/domain/configuration/configuration.ts';
import { acknowledge } from '../nag/acknowledge.ts';

const STATUS_ROTATION =
  'Status links are derived from it: a delivery sent again after a rotation would be answered with another link.';

/**
 * Creates the key from which status links are derived, and returns its ARN. It is the only secret of the stack: those of
 * tenants and sources are made by people under the names of `secretNames`, because tenants and sources are data.
 */
export function createStatusSecret(scope: Construct, stackName: string): string {
  const name = secretNames.status(stackName);
  const secret = new CfnSecret(new Construct(scope, 'Secrets'), name, {
    name,
    description: 'Key from which status links are derived; generated, nobody needs to know it',
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  });
  acknowledge(secret, 'AwsSolutions-SMG4', STATUS_ROTATION);
  return secret.attrId;
}
