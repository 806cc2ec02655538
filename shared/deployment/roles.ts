import type { Permission } from './permissions.ts';
import { AUDIT_BUCKET, BUCKET, PARTITIONS } from './resources.ts';

/**
 * The roles of people, each with the rights of those before it: see everything; work on changes and lanes; decide about
 * drift and what was approved. The stack makes one IAM policy of each.
 */
export const ROLES = ['viewer', 'operator', 'steward'] as const;
export type Role = (typeof ROLES)[number];

/** A permission of people, with the words that docs/security.md uses for it. */
export type RolePermission = Permission & { purpose: string };

const VIEWER: readonly RolePermission[] = [
  { purpose: 'read the settings', actions: ['dynamodb:Query'], on: ['settings'] },
  { purpose: 'read changes, lanes and ignores', actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'], on: ['table'] },
  { purpose: 'search changes', actions: ['dynamodb:Query'], on: ['table', 'openIndex', 'failedIndex'] },
  { purpose: 'read drift reports', actions: ['s3:GetObject'], on: ['driftObjects'] },
  {
    purpose: 'list drift reports',
    actions: ['s3:ListBucket'],
    on: ['reports'],
    listing: [`${BUCKET.driftPrefix}*`],
  },
  { purpose: 'read the audit trail', actions: ['s3:GetObject'], on: ['auditLines'] },
  {
    purpose: 'list the audit trail',
    actions: ['s3:ListBucket'],
    on: ['auditTrail'],
    listing: [`${AUDIT_BUCKET.outcomesPrefix}*`, `${AUDIT_BUCKET.actsPrefix}*`],
  },
];

const OPERATOR: readonly RolePermission[] = [
  {
    purpose: 'retry, dismiss, cancel; pause, resume and release lanes',
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    on: ['table'],
    within: [`${PARTITIONS.lanes}*`],
  },
  {
    purpose: 'remember which lists of a ZPA tenant hold entries',
    actions: ['dynamodb:PutItem'],
    on: ['table'],
    within: [`${PARTITIONS.readers}*`],
  },
  { purpose: 'start the worker; report failures again', actions: ['sqs:SendMessage'], on: ['changes', 'failures'] },
  {
    purpose: 'take failures that are retried or dismissed out of the queue',
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
    on: ['failures'],
  },
  { purpose: 'publish how a change ended', actions: ['sns:Publish'], on: ['outcomes'] },
  {
    purpose: 'read ZPA (plan, undo, groups, drift); sign what is submitted',
    actions: ['secretsmanager:GetSecretValue'],
    on: ['zpaReadSecrets', 'ownSourceSecret'],
  },
  { purpose: 'record what they do in the audit trail', actions: ['s3:PutObject'], on: ['auditActs'] },
];

const STEWARD: readonly RolePermission[] = [
  {
    purpose: 'ignore drift',
    actions: ['dynamodb:PutItem'],
    on: ['table'],
    within: [`${PARTITIONS.ignores}*`],
  },
  { purpose: 'push settings', actions: ['dynamodb:PutItem'], on: ['settings'] },
];

/** All rights of each role. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly RolePermission[]>> = {
  viewer: VIEWER,
  operator: [...VIEWER, ...OPERATOR],
  steward: [...VIEWER, ...OPERATOR, ...STEWARD],
};

/** The rights that a role has beside those of the role before it. */
export const ADDED_PERMISSIONS: Readonly<Record<Role, readonly RolePermission[]>> = {
  viewer: VIEWER,
  operator: OPERATOR,
  steward: STEWARD,
};

/** The commands of the CLI that a role may use beside those of the role before it. */
export const ROLE_COMMANDS: Readonly<Record<Role, readonly string[]>> = {
  viewer: [
    'status',
    'changes list',
    'failures list',
    'failures show',
    'lanes list',
    'drift open',
    'sources list',
    'sources test',
    'settings check',
    'settings diff',
    'settings history',
    'settings show',
    'audit show',
    'audit export',
    'audit verify',
    'console',
  ],
  operator: [
    'submit',
    'plan',
    'cancel',
    'undo',
    'groups list',
    'groups get',
    'groups search',
    'failures retry',
    'failures dismiss',
    'lanes pause',
    'lanes resume',
    'lanes release',
    'drift report',
    'drift show',
    'sources sign',
  ],
  steward: ['drift accept', 'drift revert', 'drift ignore', 'drift baseline', 'settings push', 'settings rollback'],
};
