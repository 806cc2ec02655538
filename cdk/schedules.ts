import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Alias, EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { STARTED } from '../shared/deployment/resources.ts';
import { keyUse } from './encryption/key-use.ts';

/**
 * Retries of a failed run. A sweep is not repeated, because the next one a minute later does its work. Reconcile is not
 * repeated, because a run looks back far enough to cover several missed runs. Drift is repeated, because its runs are a
 * day apart. `startWithin` is the time during which Scheduler and Lambda try to start a run.
 */
const RUNS = {
  sweep: { retries: 0, startWithin: Duration.minutes(1) },
  reconcile: { retries: 0, startWithin: Duration.minutes(5) },
  drift: { retries: 1, startWithin: Duration.hours(1) },
} as const;

export type SchedulesProps = {
  name: string;
  /** EventBridge Scheduler expressions in UTC. */
  expressions: Record<keyof typeof RUNS, string>;
  releases: Record<(typeof STARTED)[keyof typeof RUNS], Alias>;
  missedRuns: Queue;
  key: IKey | undefined;
};

/** Creates the schedules of `sweep`, `reconcile` and `drift`; `missed-runs` receives runs that cannot start or fail. */
export function createSchedules(stack: Construct, props: SchedulesProps): void {
  const scope = new Construct(stack, 'Schedules');
  for (const name of ['sweep', 'reconcile', 'drift'] as const) {
    const { retries, startWithin } = RUNS[name];
    const release = props.releases[STARTED[name]];
    const retried = new EventInvokeConfig(release.lambda, 'EventInvokeConfig', {
      function: release.lambda,
      qualifier: release.aliasName,
      retryAttempts: retries,
      maxEventAge: startWithin,
      onFailure: new SqsDestination(props.missedRuns),
    });
    retried.node.addDependency(release);
    const role = createRole(scope, `${name}Role`, props.name, release, props.missedRuns);
    if (props.key !== undefined) role.addToPolicy(keyUse(scope, props.key, ['sqs:SendMessage']));
    const schedule = new CfnSchedule(scope, name, {
      name: `${props.name}-${name}`,
      scheduleExpression: props.expressions[name],
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: release.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        retryPolicy: { maximumEventAgeInSeconds: startWithin.toSeconds(), maximumRetryAttempts: 5 },
        deadLetterConfig: { arn: props.missedRuns.queueArn },
      },
    });
    schedule.node.addDependency(role);
  }
}

/**
 * Allows EventBridge Scheduler, only for this account, to start this function and to report a run that did not start.
 */
function createRole(scope: Construct, id: string, name: string, release: Alias, missedRuns: Queue): Role {
  const assumedBy = new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
  const role = new Role(scope, id, { assumedBy, description: `${name}: starts ${release.lambda.node.path}` });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [release.functionArn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [missedRuns.queueArn] }));
  return role;
}
