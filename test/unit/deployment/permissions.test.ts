import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { PERMISSIONS } from '../../../shared/deployment/permissions.ts';
import { FUNCTIONS, type FunctionName, TABLE } from '../../../shared/deployment/resources.ts';

/**
 * Maps code to the AWS permissions it needs. The patterns are searched in every module that a function's composition
 * imports, so that code which no test runs is permitted too, and a permission that no code needs any more is found.
 */
const NEEDS: [code: RegExp, ...needs: string[]][] = [
  [/\bcreateLedgerTable\(/, 'dynamodb:GetItem on table', 'dynamodb:BatchGetItem on table'],
  [
    /\.(writeChange|writeLane|writeDesired|writeDelivery|putRejectedMember|putStatusLink)\(/,
    'dynamodb:PutItem on table',
  ],
  [/\b(notes|store)\.write\(|\bplans\.(putLatest|bind)\(/, 'dynamodb:PutItem on table'],
  [/\.takeSequences\(/, 'dynamodb:UpdateItem on table'],
  [/(?<!\.)\.(changesOf|listDesired|rejectedMembers)\(/, 'dynamodb:Query on table'],
  [/\.openChanges\(/, 'dynamodb:Query on openIndex'],
  [/\.failedChanges\(/, 'dynamodb:Query on failedIndex'],
  [/\bcreateChangeQueue\(/, 'sqs:SendMessage on changes'],
  [/\bcreateFailureQueue\(/, 'sqs:SendMessage on failures'],
  [/\bcreatePlanQueue\(/, 'sqs:SendMessage on plans'],
  [
    /\bcreateFailureDrain\(/,
    ...['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'].map((action) => `sqs:${action} on failures`),
  ],
  [/\bcreateDeferral\(.*CHANGES_QUEUE_URL/, 'sqs:ChangeMessageVisibility on changes'],
  [/\bcreateDeferral\(.*NOTICES_QUEUE_URL/, 'sqs:ChangeMessageVisibility on notices'],
  [/\bcreate(Outcome|Report)Topic\(/, 'sns:Publish on outcomes'],
  [/\breports\.put\(/, 's3:PutObject on driftObjects'],
  [/\bcatalogs\.put\(/, 's3:PutObject on catalogObjects'],
  [/\bcatalogs\.read\(/, 's3:GetObject on catalogObjects', 's3:ListBucket on reports'],
  [/\bsecretNames\.zpa\(.*'write'\)/, 'secretsmanager:GetSecretValue on zpaWriteSecrets'],
  [/\bsecretNames\.zpa\(.*'read'\)/, 'secretsmanager:GetSecretValue on zpaReadSecrets'],
  [/\bsecretNames\.source\(/, 'secretsmanager:GetSecretValue on sourceSecrets'],
  [/\bsecretNames\.catalog\(/, 'secretsmanager:GetSecretValue on catalogSecrets'],
  [/\bsecretNames\.tickets\(/, 'secretsmanager:GetSecretValue on ticketSecrets'],
  [/\bsecretNames\.status\(/, 'secretsmanager:GetSecretValue on statusSecret'],
];

/** Ledger methods that read by key; they need the same permissions as every table of ours. */
const READS = /^(read|lastSequence)/;

const root = resolve(import.meta.dirname, '../../..');
const IMPORT = /(?:^|\n)(?:import|export)\s(?!type\b)[^;'"]*?from '(\.[^']+)'/g;

/** Finds every module of ours that is loaded with this one. */
function loadedWith(file: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(file)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file, text);
  for (const [, target = ''] of text.matchAll(IMPORT)) loadedWith(resolve(dirname(file), target), found);
  return found;
}

function needsOf(name: FunctionName): string[] {
  const modules = [...loadedWith(`${root}/functions/${name}/compose.ts`).values()];
  const needed = NEEDS.filter(([code]) => modules.some((text) => code.test(text))).flatMap(([, ...needs]) => needs);
  const frame = FUNCTIONS[name];
  const polled = 'queue' in frame ? ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'] : [];
  const queue = 'queue' in frame ? frame.queue : '';
  return [...new Set([...needed, ...polled.map((action) => `sqs:${action} on ${queue}`)])].sort();
}

describe('a function may do what its code does, and nothing else', () => {
  it.each(Object.keys(FUNCTIONS) as FunctionName[])('%s', (name) => {
    const permitted = PERMISSIONS[name].flatMap(({ actions, on }) =>
      actions.flatMap((action) => on.map((one) => `${action} on ${one}`)),
    );
    expect([...new Set(permitted)].sort()).toEqual(needsOf(name));
  });
});

it('every way to the ledger is one whose need is known', () => {
  const client = new DynamoDBClient({ region: 'eu-central-1' });
  const ways = Object.keys(createDynamoLedger({ client, tableName: 'ledger' })).filter((one) => !READS.test(one));
  expect(ways.filter((one) => !NEEDS.some(([code]) => code.test(`ledger.${one}(`)))).toEqual([]);
});

it('every index of the table is in a permission', () => {
  const indexes = Object.keys(TABLE).filter((one) => one.endsWith('Index'));
  const permitted = Object.values(PERMISSIONS).flatMap((all) => all.flatMap(({ on }) => on as readonly string[]));
  expect(indexes.filter((one) => !permitted.includes(one))).toEqual([]);
});
