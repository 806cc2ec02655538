import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmDeclaration } from './declaration.ts';
import { heartbeats } from './heartbeats.ts';
import { ownAlarms } from './own-alarms.ts';
import { platformAlarms, type Watched } from './platform-alarms.ts';

/** The document with the sections that the alarms' descriptions refer to. */
export const RUNBOOK = 'docs/runbook.md';

export type AlarmsProps = Watched & { name: string; schedules: Parameters<typeof heartbeats>[0]; topic: ITopic };

/** Creates the alarms and returns them; each one publishes to the topic when it starts and when it ends. */
export function createAlarms(stack: Construct, { name, schedules, topic, ...watched }: AlarmsProps): Alarm[] {
  const scope = new Construct(stack, 'AlarmList');
  const declared = [...platformAlarms(watched), ...ownAlarms(name), ...heartbeats(schedules, watched.functions)];
  return declared.map((one) => {
    const alarm = new Alarm(scope, one.name, {
      alarmName: `${name}-${one.name}`,
      alarmDescription: `${one.impact} What to do: ${RUNBOOK}#${one.name}`,
      metric: one.metric,
      threshold: one.threshold,
      ...conditionOf(one),
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  });
}

function conditionOf({ evaluationPeriods = 1, isHeartbeat }: AlarmDeclaration) {
  if (isHeartbeat === true) {
    return {
      evaluationPeriods,
      datapointsToAlarm: evaluationPeriods,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    };
  }
  return {
    evaluationPeriods,
    datapointsToAlarm: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  };
}
