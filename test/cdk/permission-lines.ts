/** The parts of `permissionLines` that several policies have. */

const condition = (operator: string, key: string, values: readonly string[]) =>
  `if ${JSON.stringify({ [operator]: { [key]: values } })}`;

/** Restricts a statement to items whose partition key begins like this. */
export const within = (...keys: string[]) => condition('ForAllValues:StringLike', 'dynamodb:LeadingKeys', keys);

/** Restricts a statement to listings of these prefixes. */
export const listing = (...prefixes: string[]) => condition('StringLike', 's3:prefix', prefixes);

/** Secrets are data, so they are named by the folder of their kind. */
export const secrets = (pattern: string) =>
  `secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:AWS::AccountId:secret:harbour/${pattern}-??????`;

export const READS_LEDGER = ['dynamodb:GetItem on Ledger.Arn', 'dynamodb:BatchGetItem on Ledger.Arn'];

export const WRITES_LANES = [
  `dynamodb:PutItem on Ledger.Arn ${within('lane#*')}`,
  `dynamodb:UpdateItem on Ledger.Arn ${within('lane#*')}`,
];
