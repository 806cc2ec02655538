import { type App, Lazy, Stack, Tags } from 'aws-cdk-lib';
import { type StackConfiguration, workerConcurrency } from './configuration/stack-configuration.ts';
import { createFunctions } from './functions/functions.ts';
import { resourceArns } from './functions/permissions.ts';
import { connectDrift, connectNotify, connectPlan, connectWorker } from './messaging/event-sources.ts';
import { createQueues } from './messaging/queues.ts';
import { createAlarmTopic, createOutcomes, subscribeNotices } from './messaging/topics.ts';
import { createOutputs } from './outputs/outputs.ts';
import { createSchedules } from './schedules.ts';
import { createLedger } from './storage/ledger.ts';
import { acknowledgeReportKeys, createReports } from './storage/reports.ts';
import { createStatusSecret } from './storage/secrets.ts';
import { createSettings } from './storage/settings.ts';
import { createAlarms } from './watch/alarms.ts';
import { createDashboard } from './watch/dashboard.ts';
import { createWebhookApi } from './webhook-api.ts';

export type ZpaChangesProps = {
  configuration: StackConfiguration;
  /** Folder with one bundled function per subfolder (`npm run bundle` creates it). */
  bundles: string;
};

/** Creates the whole deployment in one stack with the name of the configuration. Tenants and sources change nothing in it. */
export function createStack(app: App, { configuration, bundles }: ZpaChangesProps): Stack {
  const { name, region, account } = configuration;
  const env = account === undefined ? { region } : { region, account };
  const description = 'Approved tickets to Zscaler Private Access segment groups';
  const stack = new Stack(app, name, { stackName: name, description, env, terminationProtection: true });
  Tags.of(stack).add('application', name);

  const ledger = createLedger(stack, name);
  const settings = createSettings(stack, name);
  const queues = createQueues(stack, name);
  const outcomes = createOutcomes(stack, name);
  const reports = createReports(stack);
  const statusSecret = createStatusSecret(stack, name);
  // The URL is resolved lazily, because the API is created after the functions that it calls.
  const publicUrl = Lazy.string({ produce: () => url });
  const functions = createFunctions(stack, {
    name,
    bundles,
    simulatedZpa: configuration.simulatedZpa,
    resourceArns: resourceArns(stack, name, { ledger, settings, queues, outcomes, reports, statusSecret }),
    environment: {
      STACK_NAME: name,
      SETTINGS_TABLE: settings.tableName,
      TABLE_NAME: ledger.tableName,
      CHANGES_QUEUE_URL: queues.changes.queueUrl,
      FAILURES_QUEUE_URL: queues.failures.queueUrl,
      NOTICES_QUEUE_URL: queues.notices.queueUrl,
      PLANS_QUEUE_URL: queues.plans.queueUrl,
      DRIFT_QUEUE_URL: queues.drift.queueUrl,
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
  connectDrift(functions.drift, queues.drift);
  const { schedules: expressions } = configuration;
  createSchedules(stack, { name, expressions, functions, missedRuns: queues.missedRuns });
  const { api, url } = createWebhookApi(stack, name, functions);
  const alarmTopic = createAlarmTopic(stack, name, configuration.alarmEmail);
  const watched = { queues, functions, api, ledger };
  const alarms = createAlarms(stack, { name, ...watched, schedules: expressions, topic: alarmTopic });
  createDashboard(stack, { name, ...watched, alarms });
  createOutputs(stack, { url, ledger, settings, queues, outcomes, alarmTopic, reports });
  return stack;
}
