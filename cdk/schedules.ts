import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/**
 * What happens to a run that fails. A minute later the next sweep does what this one left, so it is never repeated, and
 * reconciling looks far enough back to make good what several runs left; drift has a day between runs. `startWithin`: how long Scheduler and Lambda keep trying to start one.
 */
const RUNS = {
  sweep: { retries: 0, startWithin: Duration.minutes(1) },
  reconcile: { retries: 0, startWithin: Duration.minutes(5) },
  drift: { retries: 1, startWithin: Duration.hours(1) },
} as const;

export type SchedulesProps = {
  name: string;
  /** EventBridge Scheduler expressions, UTC. */
  expressions: Record<keyof typeof RUNS, string>;
  functions: Record<keyof typeof RUNS, LambdaFunction>;
  missedRuns: Queue;
};

/** EventBridge Scheduler starts `sweep`, `reconcile` and `drift`; what cannot be started or fails ends in `missed-runs`. */
export function createSchedules(stack: Construct, props: SchedulesProps): void {
  const scope = new Construct(stack, 'Schedules');
  for (const name of ['sweep', 'reconcile', 'drift'] as const) {
    const { retries, startWithin } = RUNS[name];
    const lambda = props.functions[name];
    lambda.configureAsyncInvoke({
      retryAttempts: retries,
      maxEventAge: startWithin,
      onFailure: new SqsDestination(props.missedRuns),
    });
    const role = createRole(scope, `${name}Role`, props.name, lambda, props.missedRuns);
    const schedule = new CfnSchedule(scope, name, {
      name: `${props.name}-${name}`,
      scheduleExpression: props.expressions[name],
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: lambda.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        retryPolicy: { maximumEventAgeInSeconds: startWithin.toSeconds(), maximumRetryAttempts: 5 },
        deadLetterConfig: { arn: props.missedRuns.queueArn },
      },
    });
    schedule.node.addDependency(role);
  }
}

/** Scheduler, on behalf of this account only, may start this one function and say that it could not. */
function createRole(scope: Construct, id: string, name: string, lambda: LambdaFunction, missedRuns: Queue): Role {
  const assumedBy = new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
  const role = new Role(scope, id, { assumedBy, description: `${name}: starts ${lambda.node.path}` });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [missedRuns.queueArn] }));
  return role;
}
