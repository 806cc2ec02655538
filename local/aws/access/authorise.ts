import type { IncomingMessage } from 'node:http';
import { OWN_SOURCE } from '../../../shared/deployment/cli-target.ts';
import { type Accessible, PERMISSIONS, type Statement, statementsOf } from '../../../shared/deployment/permissions.ts';
import { AUDIT_BUCKET, BUCKET, type FunctionName, TABLE } from '../../../shared/deployment/resources.ts';
import { ROLE_PERMISSIONS } from '../../../shared/deployment/roles.ts';
import { secretNames } from '../../../shared/domain/configuration/configuration.ts';
import { matchesPattern } from '../../../shared/domain/configuration/grants.ts';
import { AwsError } from '../common/aws-error.ts';
import type { AwsRequest } from '../common/aws-request.ts';
import type { AwsService } from '../common/faults.ts';
import { resourceNames } from '../common/resource-names.ts';
import { callerOf } from './caller.ts';
import { arnOf, type RequiredAccess, requiredAccess } from './required-access.ts';

/** A request that a function made and may not make. */
export type Denial = { function: FunctionName; action: string; resource: string };

export type Permissions = typeof PERMISSIONS;

export type AccessGate = {
  /** Throws AWS's refusal of a request that its caller may not make. */
  check(request: IncomingMessage, awsRequest: AwsRequest): void;
  /** Every refusal of a function so far, oldest first. */
  denials: readonly Denial[];
};

type Place = { region: string; accountId: string };

/**
 * IAM, as far as policies of one role each go: it refuses what no statement of the function or of the person's role
 * allows.
 */
export function createAccessGate(place: Place, permissions: Permissions = PERMISSIONS): AccessGate {
  const denials: Denial[] = [];
  return {
    denials,
    check(request, awsRequest) {
      const caller = callerOf(request);
      if (caller === 'operator') return;
      const isPerson = 'role' in caller;
      const allowed = isPerson ? ROLE_PERMISSIONS[caller.role] : permissions[caller.name];
      const name = isPerson ? caller.role : caller.name;
      const statements = statementsOf(allowed, arnsOf(caller.configuration, place));
      for (const required of requiredAccess(request, awsRequest, place)) {
        if (statements.some((statement) => allows(statement, required))) continue;
        // A person is told; nobody else would hear of a function's refusal.
        if (!isPerson) denials.push({ function: caller.name, action: required.action, resource: required.resource });
        throw denied(awsRequest.service, `${caller.configuration}-${name}`, required);
      }
    },
  };
}

function allows(statement: Statement, { action, resource, keys, prefix }: RequiredAccess): boolean {
  const { actions, resources, within, listing } = statement;
  if (!actions.includes(action) || !resources.some((pattern) => matchesPattern(pattern, resource))) return false;
  const isMatched = (patterns: readonly string[] | undefined, values: readonly string[] | undefined) =>
    patterns === undefined ||
    (values?.every((value) => patterns.some((pattern) => matchesPattern(pattern, value))) ?? false);
  return isMatched(within, keys) && isMatched(listing, prefix === undefined ? undefined : [prefix]);
}

/** The stack's ARNs at the local endpoint. Secrets Manager appends random characters to a secret's ARN. */
function arnsOf(configuration: string, place: Place): Record<Accessible, string[]> {
  const names = resourceNames(configuration);
  const named = (service: AwsService, name: string) => [arnOf(service, name, place)];
  const secret = (name: string) => named('secretsmanager', `secret:${name}-*`);
  const index = ({ name }: { name: string }) => named('dynamodb', `table/${names.table}/index/${name}`);
  const auditObjects = (prefix: string) => named('s3', `${names.auditBucket}/${prefix}*`);
  return {
    table: named('dynamodb', `table/${names.table}`),
    openIndex: index(TABLE.openIndex),
    failedIndex: index(TABLE.failedIndex),
    settings: named('dynamodb', `table/${names.settings}`),
    changes: named('sqs', names.changes),
    failures: named('sqs', names.failures),
    notices: named('sqs', names.notices),
    plans: named('sqs', names.plans),
    drift: named('sqs', names.drift),
    audit: named('sqs', names.audit),
    outcomes: named('sns', names.topic),
    reports: named('s3', names.bucket),
    driftObjects: named('s3', `${names.bucket}/${BUCKET.driftPrefix}*`),
    catalogObjects: named('s3', `${names.bucket}/${BUCKET.catalogPrefix}*`),
    auditTrail: named('s3', names.auditBucket),
    auditLines: [AUDIT_BUCKET.outcomesPrefix, AUDIT_BUCKET.actsPrefix].flatMap(auditObjects),
    auditActs: auditObjects(AUDIT_BUCKET.actsPrefix),
    auditOutcomes: auditObjects(AUDIT_BUCKET.outcomesPrefix),
    zpaWriteSecrets: secret(secretNames.zpa(configuration, '*', 'write')),
    zpaReadSecrets: secret(secretNames.zpa(configuration, '*', 'read')),
    sourceSecrets: secret(secretNames.source(configuration, '*')),
    ownSourceSecret: secret(secretNames.source(configuration, OWN_SOURCE)),
    catalogSecrets: secret(secretNames.catalog(configuration, '*')),
    ticketSecrets: secret(secretNames.tickets(configuration, '*')),
    ticketReadSecrets: secret(secretNames.ticketsRead(configuration, '*')),
    statusSecret: secret(secretNames.status(configuration)),
  };
}

/** Name and HTTP status of the refusal, as each service words it. */
const REFUSALS: Record<AwsService, [code: string, status: number]> = {
  dynamodb: ['AccessDeniedException', 400],
  sqs: ['AccessDenied', 403],
  sns: ['AuthorizationError', 403],
  secretsmanager: ['AccessDeniedException', 400],
  s3: ['AccessDenied', 403],
};

function denied(service: AwsService, user: string, { action, resource }: RequiredAccess): AwsError {
  const [code, status] = REFUSALS[service];
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
  return new AwsError(code, message, { status });
}
