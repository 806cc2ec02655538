import { type App, Lazy, Stack, Tags } from 'aws-cdk-lib';
import type { Configuration } from '../shared/domain/configuration/configuration.ts';
import { createAlarms } from './alarms.ts';
import { workerConcurrency } from './configuration/deployment-faults.ts';
import { createFunctions } from './functions/functions.ts';
import { resourceArns } from './functions/permissions.ts';
import { connectNotify, connectPlan, connectWorker } from './messaging/event-sources.ts';
import { createQueues } from './messaging/queues.ts';
import { createAlarmTopic, createOutcomes, subscribeNotices } from './messaging/topics.ts';
import { createOutputs } from './outputs/outputs.ts';
import { createSchedules } from './schedules.ts';
import { createLedger } from './storage/ledger.ts';
import { acknowledgeReportKeys, createReports } from './storage/reports.ts';
import { createSecrets } from './storage/secrets.ts';
import { createWebhookApi } from './webhook-api.ts';

export type ZpaChangesProps = {
  configuration: Configuration;
  /** Folder with one bundled function per subfolder (`npm run bundle` creates it). */
  bundles: string;
  /** The only account to which the stack may be deployed, by default any account. */
  account?: string;
};

/** Path in a deployed function of the configuration that `npm run bundle` copies beside its code. */
const CONFIGURATION_FILE = '/var/task/configuration.json';

/** Creates the whole deployment in one stack with the name of the configuration. */
export function createStack(app: App, { configuration, bundles, account }: ZpaChangesProps): Stack {
  const { name, region } = configuration;
  const env = account === undefined ? { region } : { region, account };
  const description = 'Approved tickets to Zscaler Private Access segment groups';
  const stack = new Stack(app, name, { stackName: name, description, env });
  Tags.of(stack).add('application', name);

  const ledger = createLedger(stack, name);
  const queues = createQueues(stack, name);
  const outcomes = createOutcomes(stack, name);
  const reports = createReports(stack);
  const secrets = createSecrets(stack, configuration);
  // The URL is resolved lazily, because the API is created after the functions that it calls.
  const publicUrl = Lazy.string({ produce: () => url });
  const functions = createFunctions(stack, {
    name,
    bundles,
    resourceArns: resourceArns({ ledger, queues, outcomes, reports, secrets }),
    environment: {
      CONFIGURATION_FILE,
      TABLE_NAME: ledger.tableName,
      CHANGES_QUEUE_URL: queues.changes.queueUrl,
      FAILURES_QUEUE_URL: queues.failures.queueUrl,
      NOTICES_QUEUE_URL: queues.notices.queueUrl,
      PLANS_QUEUE_URL: queues.plans.queueUrl,
      OUTCOMES_TOPIC_ARN: outcomes.topicArn,
      PUBLIC_URL: publicUrl,
      REPORTS_BUCKET: reports.bucketName,
    },
  });
  acknowledgeReportKeys(reports, functions.drift, [functions.catalog, functions.plan, functions.apply]);

  connectWorker(functions.apply, queues.changes, workerConcurrency(configuration));
  subscribeNotices(outcomes, queues.notices, queues.noticesFailed);
  connectNotify(functions.notify, queues.notices);
  connectPlan(functions.plan, queues.plans);
  const { schedules: expressions } = configuration;
  createSchedules(stack, { name, expressions, functions, missedRuns: queues.missedRuns });
  const { api, url } = createWebhookApi(stack, name, functions);
  const alarmTopic = createAlarmTopic(stack, name, configuration.alarmEmail);
  createAlarms(stack, name, { queues, functions, api }, alarmTopic);
  createOutputs(stack, configuration, { url, ledger, queues, outcomes, alarmTopic, reports });
  return stack;
}
