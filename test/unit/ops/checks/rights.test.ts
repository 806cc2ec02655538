import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openChecks } from '../../../../functions/ops/commands/doctor/open-checks.ts';
import { targetSchema } from '../../../../shared/deployment/cli-target.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/deploy.md'), 'utf8');

const target = targetSchema.parse({
  schemaVersion: 1,
  kind: 'aws',
  ingestUrl: 'https://hooks.example',
  name: 'prod',
  env: {
    TABLE_NAME: 'prod-ledger',
    SETTINGS_TABLE: 'prod-settings',
    CHANGES_QUEUE_URL: 'https://sqs.example/1/prod-changes.fifo',
    FAILURES_QUEUE_URL: 'https://sqs.example/1/prod-failures.fifo',
    OUTCOMES_TOPIC_ARN: 'arn:aws:sns:eu-central-1:1:prod-outcomes',
  },
});

it('docs/deploy.md names every right that a check of the doctor uses', () => {
  const { signal } = new AbortController();
  const needs = openChecks({ target, env: {}, session: undefined, signal }).flatMap((check) => check.needs);
  expect(needs.length).toBeGreaterThan(10);
  expect(needs.filter((right) => !page.includes(right))).toEqual([]);
});

it('docs/deploy.md shows the rights of whoever keeps the secrets: each call of the store, the line of the act, and no deletion', () => {
  const policies = [...page.matchAll(/```json\n(\{\s*"Version"[\s\S]*?)\n```/g)].map(([, text = '']) =>
    JSON.parse(text),
  );
  const actions: string[] = policies[0].Statement.flatMap(({ Action }: { Action: string[] }) => Action);
  const store = readFileSync(join(import.meta.dirname, '../../../../shared/aws/secret-store.ts'), 'utf8');
  const calls = [...store.matchAll(/new (\w+)Command\(/g)].map(([, call]) => `secretsmanager:${call}`);
  const expected = ['dynamodb:Query', 's3:PutObject', 'secretsmanager:GetSecretValue', ...calls];
  expect(actions.toSorted()).toEqual(
    [...new Set(expected)].filter((right) => right !== 'secretsmanager:DeleteSecret').toSorted(),
  );
});
