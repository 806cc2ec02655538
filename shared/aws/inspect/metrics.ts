import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { inspect } from './inspect-error.ts';

const PERIOD_SECONDS = 300;

type Options = ClientOrEnv<CloudWatchClient>;
/** `from`, `until`: epoch ms. */
type Span = { from: number; until: number };
type Point = { at: number; value: number };

const answerSchema = z.object({
  MetricDataResults: z
    .array(z.object({ Timestamps: z.array(z.date()).default([]), Values: z.array(z.number()).default([]) }))
    .default([]),
  NextToken: z.string().optional(),
});

/** The newest period of five minutes in which a run of this function ended well, by its begin; undefined: none did. */
export async function readLastGoodRun(options: Options, functionName: string, span: Span): Promise<number | undefined> {
  const metric = (id: string, MetricName: string): MetricDataQuery => ({
    Id: id,
    MetricStat: {
      Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions: [{ Name: 'FunctionName', Value: functionName }] },
      Period: PERIOD_SECONDS,
      Stat: 'Sum',
    },
    ReturnData: false,
  });
  const good = { Id: 'good', Expression: 'runs - FILL(failed, 0)' };
  const queries = [metric('runs', 'Invocations'), metric('failed', 'Errors'), good];
  const points = await readPoints(options, `Reading the runs of ${functionName}`, queries, span);
  return newest(points.filter(({ value }) => value > 0))?.at;
}

/** The age of a queue's oldest message in ms, as CloudWatch last measured it; undefined: it measured none. */
export async function readOldestMessage(options: Options, queueName: string, span: Span): Promise<number | undefined> {
  const query: MetricDataQuery = {
    Id: 'age',
    MetricStat: {
      Metric: {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: [{ Name: 'QueueName', Value: queueName }],
      },
      Period: PERIOD_SECONDS,
      Stat: 'Maximum',
    },
  };
  const found = newest(await readPoints(options, `Reading the age of ${queueName}`, [query], span));
  return found === undefined ? undefined : found.value * 1000;
}

const newest = (points: readonly Point[]) => points.toSorted((a, b) => b.at - a.at)[0];

async function readPoints(options: Options, doing: string, MetricDataQueries: MetricDataQuery[], span: Span) {
  const client = clientFrom(options, CloudWatchClient);
  const points: Point[] = [];
  let token: string | undefined;
  do {
    const command = new GetMetricDataCommand({
      MetricDataQueries,
      StartTime: new Date(span.from),
      EndTime: new Date(span.until),
      NextToken: token,
    });
    const page = answerSchema.parse(await inspect(doing, () => client.send(command)));
    for (const { Timestamps, Values } of page.MetricDataResults) {
      Timestamps.forEach((time, index) => {
        const value = Values[index];
        if (value !== undefined) points.push({ at: time.getTime(), value });
      });
    }
    token = page.NextToken;
  } while (token !== undefined);
  return points;
}
