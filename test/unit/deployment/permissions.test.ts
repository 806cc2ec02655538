import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { PERMISSIONS } from '../../../shared/deployment/permissions.ts';
import { FUNCTIONS, type FunctionName, PARTITIONS, TABLE } from '../../../shared/deployment/resources.ts';

const READ = ['dynamodb:GetItem on table', 'dynamodb:BatchGetItem on table'];
const WRITES = ['dynamodb:PutItem', 'dynamodb:UpdateItem'];
const readsIn = (partition: string) => READ.map((need) => `${need} in ${partition}`);
const writeIn = (partition: string) => `dynamodb:PutItem on table in ${partition}`;
const LANES = `${PARTITIONS.lanes}*`;
const READERS = `${PARTITIONS.readers}*`;
const PLANS = `${PARTITIONS.plans}*`;

/**
 * Maps code to the AWS permissions it needs. The patterns are searched in every module that a function's composition
 * imports, so that code which no test runs is permitted too, and a permission that no code needs any more is found.
 */
const NEEDS: [code: RegExp, ...needs: string[]][] = [
  [/\bcreate(DynamoLedger|SetNotes|KnownLanes|Withdrawals|Ignores|DriftTickets)\(/, ...READ],
  [/\bcreateSettingsReader\(/, 'dynamodb:Query on settings'],
  [/\bcreatePlanStore\(/, ...readsIn(PLANS)],
  [/\b(plans|planned)\.(putLatest|bind)\(/, writeIn(PLANS)],
  // A function that composes one of these reads and writes there.
  [/\bcreate(SharedReadBudgetStore|SeenListStore|ScanPartStore)\(/, ...readsIn(READERS), writeIn(READERS)],
  [/\.(writeChange|writeLane|writeDesired|putRejectedMember)\(/, writeIn(LANES)],
  [/\.writeDelivery\(/, writeIn(`${PARTITIONS.deliveries}*`)],
  [/\.claimKey\(/, writeIn(`${PARTITIONS.claims}*`)],
  [/\.putStatusLink\(/, writeIn(`${PARTITIONS.statusLinks}*`)],
  [/\bknownLanes\.write\(/, writeIn(PARTITIONS.knownLanes)],
  [/\bwithdrawals\.write\(/, writeIn(`${PARTITIONS.withdrawals}*`)],
  [/\bignores\.write\(/, writeIn(`${PARTITIONS.ignores}*`)],
  [/\b(notes|driftTickets)\.write\(/, writeIn(`${PARTITIONS.setNotes}*`)],
  [/\.takeSequences\(/, `dynamodb:UpdateItem on table in ${LANES}`],
  [/(?<!\.)\.(changesOf|listChanges|listDesired|rejectedMembers)\(/, 'dynamodb:Query on table'],
  [/\.openChanges\(/, 'dynamodb:Query on openIndex'],
  [/\.(failedChanges|failuresBefore)\(/, 'dynamodb:Query on failedIndex'],
  [/\bcreateChangeQueue\(/, 'sqs:SendMessage on changes'],
  [/\bcreateFailureQueue\(/, 'sqs:SendMessage on failures'],
  [/\bcreatePlanQueue\(/, 'sqs:SendMessage on plans'],
  [/\bcreateDriftQueue\(/, 'sqs:SendMessage on drift'],
  [
    /\bcreateFailureDrain\(/,
    ...['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'].map((action) => `sqs:${action} on failures`),
  ],
  [/\bcreateAcknowledgement\(/, 'sqs:DeleteMessage on changes'],
  [/\bcreateDeferral\(.*CHANGES_QUEUE_URL/, 'sqs:ChangeMessageVisibility on changes'],
  [/\bcreateDeferral\(.*NOTICES_QUEUE_URL/, 'sqs:ChangeMessageVisibility on notices'],
  [/\bcreate(Outcome|Report)Topic\(/, 'sns:Publish on outcomes'],
  [/\bcreateAuditWriter\(/, 's3:PutObject on auditOutcomes'],
  [/\breports\.put\(/, 's3:PutObject on driftObjects'],
  [/\bcreateLatestReports\(/, 's3:GetObject on driftObjects', 's3:ListBucket on reports'],
  [/\bcreateCatalogWriter\(/, 's3:PutObject on catalogObjects'],
  [/\bcreate(Late)?CatalogReader\(/, 's3:GetObject on catalogObjects', 's3:ListBucket on reports'],
  [/\bsecretNames\.zpa\(.*'write'\)/, 'secretsmanager:GetSecretValue on zpaWriteSecrets'],
  [/\bsecretNames\.zpa\(.*'read'\)/, 'secretsmanager:GetSecretValue on zpaReadSecrets'],
  [/\bsecretNames\.source\(/, 'secretsmanager:GetSecretValue on sourceSecrets'],
  [/\bsecretNames\.catalog\(/, 'secretsmanager:GetSecretValue on catalogSecrets'],
  [/\bcreateTicketSystems\(\{(?![^}]*\bcomments\b)/, 'secretsmanager:GetSecretValue on ticketSecrets'],
  [/\bcreateTicketSystems\(\{[^}]*\bcomments\b/, 'secretsmanager:GetSecretValue on ticketReadSecrets'],
  [/\bsecretNames\.status\(/, 'secretsmanager:GetSecretValue on statusSecret'],
];

/** Ledger methods that read by key; they need the same permissions as every table of ours. */
const READS = /^(read|lastSequence)/;

const root = resolve(import.meta.dirname, '../../..');
const IMPORT = /(?:(?:^|\n)(?:import|export)\s(?!type\b)[^;'"]*?from |\bimport\()'(\.[^']+)'/g;

/** Finds every module of ours that is loaded with this one. */
function loadedWith(file: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(file)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file, text);
  for (const [, target = ''] of text.matchAll(IMPORT)) loadedWith(resolve(dirname(file), target), found);
  return found;
}

function needsOf(name: FunctionName): string[] {
  // The declaration of an adapter is no use of it.
  const modules = [...loadedWith(`${root}/functions/${name}/compose.ts`).values()].map((text) =>
    text.replaceAll(/\bfunction create\w+\(/g, ''),
  );
  const needed = NEEDS.filter(([code]) => modules.some((text) => code.test(text))).flatMap(([, ...needs]) => needs);
  const frame = FUNCTIONS[name];
  const polled = 'queue' in frame ? ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'] : [];
  const queue = 'queue' in frame ? frame.queue : '';
  return [...new Set([...needed, ...polled.map((action) => `sqs:${action} on ${queue}`)])].sort();
}

const anywhere = (need: string) => need.replace(/ in .*/, '');

/** The permissions of a function, one line each; ` in X` where only partitions whose key begins with X are permitted. */
function permittedTo(name: FunctionName): string[] {
  return PERMISSIONS[name].flatMap(({ actions, on, within }) =>
    actions.flatMap((action) =>
      on.flatMap((one) => (within ?? ['']).map((keys) => `${action} on ${one}${keys === '' ? '' : ` in ${keys}`}`)),
    ),
  );
}

describe('a function may do what its code does, and nothing else', () => {
  it.each(Object.keys(FUNCTIONS) as FunctionName[])('%s', (name) => {
    const permitted = permittedTo(name);
    const needed = needsOf(name);
    const lacking = needed.filter((need) => !permitted.includes(need) && !permitted.includes(anywhere(need)));
    const unused = permitted.filter((one) => !needed.some((need) => need === one || anywhere(need) === one));
    expect({ lacking, unused }).toEqual({ lacking: [], unused: [] });
  });
});

/** A right to write a lane's partition allows forged approvals, so no right to write covers the whole table. */
it.each(Object.keys(FUNCTIONS) as FunctionName[])('%s writes only the partitions that its code writes', (name) => {
  const writes = (needs: readonly string[]) =>
    needs.filter((need) => WRITES.some((one) => need.startsWith(one))).sort();
  expect(writes(permittedTo(name))).toEqual(writes(needsOf(name)));
});

/** Modules are searched by the adapters that they create, so an adapter without a row would need nothing. */
it('every adapter of AWS that a function composes has its row', () => {
  const adapter = /import (?:type )?\{([^}]*)\} from '[./]*shared\/aws\/[^']+'/g;
  const composed = (Object.keys(FUNCTIONS) as FunctionName[]).flatMap((name) =>
    [...loadedWith(`${root}/functions/${name}/compose.ts`)]
      .filter(([file]) => file.startsWith(`${root}/functions/`))
      .flatMap(([, text]) => [...text.matchAll(adapter)])
      .flatMap(([, names = '']) => names.split(',').map((one) => one.trim())),
  );
  expect(composed.length).toBeGreaterThan(20);
  const creators = [...new Set(composed)].filter((one) => one.startsWith('create'));
  // Secrets are read by the kind of their name, reports put by the name of their port.
  const byName = ['createSecretReader', 'createReportStore', 'createDeferral'];
  const hasRow = (one: string) => byName.includes(one) || NEEDS.some(([code]) => code.test(`${one}(`));
  expect(creators.filter((one) => !hasRow(one))).toEqual([]);
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

/** These functions show or write only what the ledger holds, so that they need no settings. */
const WITHOUT_SETTINGS = ['status', 'audit'];

it('no function may write the settings, which give grants', () => {
  const onSettings = Object.values(PERMISSIONS).flatMap((all) => all.filter(({ on }) => on.includes('settings')));
  expect(onSettings.flatMap(({ actions }) => actions).filter((action) => action !== 'dynamodb:Query')).toEqual([]);
  expect(onSettings).toHaveLength(Object.keys(FUNCTIONS).length - WITHOUT_SETTINGS.length);
});
