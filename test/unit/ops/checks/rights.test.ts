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
