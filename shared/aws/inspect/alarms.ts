import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { inspect } from './inspect-error.ts';

/** `quietMs`: the time for which the alarm waits before it starts. */
export type AlarmState = { name: string; state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'; since: number; quietMs: number };

const answerSchema = z.object({
  MetricAlarms: z
    .array(
      z.object({
        AlarmName: z.string(),
        AlarmActions: z.array(z.string()).default([]),
        StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
        StateUpdatedTimestamp: z.date(),
        EvaluationPeriods: z.number(),
        Period: z.number().optional(),
        // An alarm over an expression has its periods in the metrics that the expression names.
        Metrics: z.array(z.object({ MetricStat: z.object({ Period: z.number() }).optional() })).default([]),
      }),
    )
    .default([]),
  NextToken: z.string().optional(),
});

/**
 * Reads the alarms of a stack, by their names without the stack's. A stack whose name begins with this one's has other
 * alarms of the same prefix; they notify another topic.
 */
export async function readAlarms(
  from: ClientOrEnv<CloudWatchClient> & { stack: string; topic: string },
): Promise<AlarmState[]> {
  const client = clientFrom(from, CloudWatchClient);
  const prefix = `${from.stack}-`;
  const alarms: AlarmState[] = [];
  let token: string | undefined;
  do {
    const command = new DescribeAlarmsCommand({
      AlarmNamePrefix: prefix,
      AlarmTypes: ['MetricAlarm'],
      NextToken: token,
    });
    const page = answerSchema.parse(await inspect('Reading the alarms', () => client.send(command)));
    for (const one of page.MetricAlarms) {
      if (!one.AlarmActions.some((arn) => arn.endsWith(`:${from.topic}`))) continue;
      const periods = [one.Period ?? 0, ...one.Metrics.map(({ MetricStat }) => MetricStat?.Period ?? 0)];
      alarms.push({
        name: one.AlarmName.slice(prefix.length),
        state: one.StateValue,
        since: one.StateUpdatedTimestamp.getTime(),
        quietMs: one.EvaluationPeriods * Math.max(...periods) * 1000,
      });
    }
    token = page.NextToken;
  } while (token !== undefined);
  return alarms;
}
