import { resolve } from 'node:path';
import { Lazy, Tags } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ConfigurationError, parseConfiguration } from '../shared/runtime/configuration-error.ts';
import { createRolePolicies, type RolePolicies } from './access/roles.ts';
import { deploymentFaults } from './configuration/deployment-faults.ts';
import type { DomainConfiguration } from './configuration/domain-schema.ts';
import { constructSchema, workerConcurrency } from './configuration/stack-configuration.ts';
import { admitServices, encryptWith } from './encryption/own-key.ts';
import { createFunctions, type Functions } from './functions/functions.ts';
import type { Network } from './functions/in-vpc.ts';
import { resourceArns } from './functions/permissions.ts';
import { createReleases } from './functions/releases.ts';
import { connectTakers, connectWorker } from './messaging/event-sources.ts';
import { createQueues, type Queues } from './messaging/queues.ts';
import { createAlarmTopic, createOutcomes, subscribeQueue } from './messaging/topics.ts';
import { createSchedules } from './schedules.ts';
import { acknowledgeAuditKeys, createAudit } from './storage/audit.ts';
import { createLedger } from './storage/ledger.ts';
import { acknowledgeReportKeys, createAccessLogs, createReports } from './storage/reports.ts';
import { createStatusSecret } from './storage/secrets.ts';
import { createSettings } from './storage/settings.ts';
import { createAlarms } from './watch/alarms.ts';
import { createDashboard } from './watch/dashboard.ts';
import { createWebhookApi } from './webhook-api.ts';

export type SegmentGroupChangesProps = {
  /** Begins the name of every resource and secret; two of these in one account and region differ here. */
  name: string;
  /** Folder with one bundled function per subfolder; by default `dist/functions`, which `npm run bundle` fills. */
  bundles?: string;
  /** The most ZPA customers that are worked for at a time, by default 20. */
  mostLanes?: number;
  /** EventBridge Scheduler expressions, UTC. */
  schedules?: { drift?: string; sweep?: string; reconcile?: string };
  /** A mailbox for alarms; AWS asks it to confirm. More subscribe to `alarmTopic`. */
  alarmEmail?: string;
  /** The name under which webhooks and status links are reached; API Gateway's own address is closed then. */
  domain?: DomainConfiguration;
  /**
   * The key that encrypts tables, queues, topics, log groups, secrets and reports; by default those of AWS's services.
   * If it is of this app, the services that use it are admitted to its policy.
   */
  key?: IKey;
  /** Functions that call ZPA or ticket systems run here; by default outside of any vpc. */
  network?: Network;
  /**
   * A trial without ZPA: settings may then name the address that a tenant's credentials are sent to. By default not.
   */
  simulatedZpa?: boolean;
  /** How long logs are kept, in the days that CloudWatch offers (`RetentionDays`), by default 30. */
  logRetentionDays?: RetentionDays;
  /** How long the audit trail keeps and locks a line, by default 1,100 days. */
  audit?: { retentionDays: number };
};

/**
 * Flags of CDK on which the resources depend. They are set here, because the app of somebody else may be older than
 * they are.
 */
const FLAGS = ['@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy', '@aws-cdk/aws-lambda:recognizeVersionProps'];

const BUNDLES = resolve(import.meta.dirname, '../dist/functions');

/**
 * The whole deployment as one construct, for a stack of this project or of another CDK app. Tenants and sources change
 * nothing in it. It makes no outputs and protects no stack from deletion, because both are the stack's; tables, bucket
 * and their content are retained.
 */
export class SegmentGroupChanges extends Construct {
  /** Base of webhooks and status links: `PUBLIC_URL/webhooks/SOURCE` in a ticket system. */
  readonly publicUrl: string;
  /** The name of `domain` has to lead here (a CNAME), if it has no zone here. */
  readonly domainTarget: string | undefined;
  readonly functions: Functions;
  readonly queues: Queues;
  readonly ledger: Table;
  /** Tenants and sources, in versions. Who may write it decides who may do what. */
  readonly settings: Table;
  /** Drift reports and catalogs. */
  readonly reports: Bucket;
  /** The audit trail: every outcome and every act of an operator, locked. */
  readonly audit: Bucket;
  /** Every outcome and every drift report. */
  readonly outcomes: Topic;
  readonly alarmTopic: Topic;
  readonly alarms: readonly Alarm[];
  /** The policies of people: viewer, operator, steward (docs/security.md). */
  readonly roles: RolePolicies;

  constructor(scope: Construct, id: string, { bundles = BUNDLES, network, key, ...props }: SegmentGroupChangesProps) {
    super(scope, id);
    const {
      name,
      mostLanes,
      schedules: expressions,
      alarmEmail,
      logRetentionDays,
      domain,
      simulatedZpa,
      audit: { retentionDays },
    } = check(props, this.node.path);
    for (const flag of FLAGS) this.node.setContext(flag, true);
    Tags.of(this).add('application', name);

    this.ledger = createLedger(this, name);
    this.settings = createSettings(this, name);
    this.queues = createQueues(this, name);
    this.outcomes = createOutcomes(this, name);
    const accessLogs = createAccessLogs(this);
    this.reports = createReports(this, accessLogs);
    this.audit = createAudit(this, retentionDays, accessLogs);
    const { ledger, settings, queues, outcomes, reports, audit } = this;
    const statusSecret = createStatusSecret(this, name);
    const arns = resourceArns(this, name, { ledger, settings, queues, outcomes, reports, audit, statusSecret });
    this.functions = createFunctions(this, {
      name,
      bundles,
      simulatedZpa,
      logRetentionDays,
      ...(network !== undefined && { network }),
      key,
      resourceArns: arns,
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
        // The URL is resolved lazily, because the API is created after the functions that it calls.
        PUBLIC_URL: Lazy.string({ produce: () => this.publicUrl }),
        REPORTS_BUCKET: reports.bucketName,
        AUDIT_BUCKET: audit.bucketName,
      },
    });
    const { functions } = this;
    acknowledgeReportKeys(reports, functions.drift, {
      ofReports: [functions.notify],
      ofCatalogs: [functions.catalog, functions.plan, functions.apply],
    });
    acknowledgeAuditKeys(audit, functions.audit);

    this.roles = createRolePolicies(this, { name, resourceArns: arns, reports, audit, key });

    const releases = createReleases(functions);
    connectWorker(releases.apply, queues.changes, workerConcurrency(mostLanes));
    subscribeQueue(outcomes, queues.notices, queues.noticesFailed);
    subscribeQueue(outcomes, queues.audit, queues.auditFailed);
    connectTakers(releases, queues);
    createSchedules(this, { name, expressions, releases, missedRuns: queues.missedRuns, key });
    const { api, url, domainTarget } = createWebhookApi(this, { name, releases, logRetentionDays, domain });
    this.publicUrl = url;
    this.domainTarget = domainTarget;
    this.alarmTopic = createAlarmTopic(this, name, alarmEmail, key);
    const watched = { queues, functions, api, ledger };
    this.alarms = createAlarms(this, { name, ...watched, schedules: expressions, topic: this.alarmTopic });
    createDashboard(this, { name, ...watched, alarms: [...this.alarms] });
    if (key === undefined) return;
    admitServices(this, name, key);
    encryptWith(this, key);
  }
}

function check(props: object, path: string) {
  const configuration = parseConfiguration(constructSchema, props, path);
  const faults = deploymentFaults(configuration, Date.now());
  if (faults.length > 0) throw new ConfigurationError(path, faults);
  return configuration;
}
