import { z } from 'zod';
import { type FaultBox, faultServices } from '../common/faults.ts';
import type { SqsContext } from '../sqs/queues/queue.ts';
import { type LocalFunctions, plainName } from './functions.ts';
import type { MetricName, Metrics } from './metrics.ts';
import { queueMetrics } from './queue-metrics.ts';

/** The control acts on these. */
export type Controlled = {
  faults: FaultBox;
  metrics: Metrics;
  functions: LocalFunctions;
  sqs: SqsContext;
  /** Lets so many of AWS's seconds pass for queues and secrets. */
  passTime(seconds: number): Promise<void>;
};

/** An answer as text, with its status. */
type ControlAnswer = { status: number; text: string };

/** `/__aws/…`: what a test in the same process does by method calls, for other processes of this machine. */
const ENDPOINTS = `The AWS of this machine, control
GET    /__aws/metrics     every metric with a value: sums of the last five minutes, and queues as they are now
GET    /__aws/faults      POST {"service":"dynamodb|sqs|sns|secretsmanager|s3","operation":"PutItem","contains":"text","status":500,"times":1}
DELETE /__aws/faults
GET    /__aws/functions   POST {"function":"drift","stopped":true} (reserved concurrency 0) or {"function":"notify","crash":1}
POST   /__aws/time        {"seconds":3600}: so much time passes for queues; what comes due in it is worked
POST   /2015-03-31/functions/NAME/invocations   starts sweep, reconcile or round, as aws lambda invoke does
`;

/** CloudWatch's period of our alarms. */
const PERIOD_SECONDS = 300;

const INVOKE = /^\/2015-03-31\/functions\/([\w-]+)\/invocations/;

const faultSchema = z.strictObject({
  service: z.enum(faultServices),
  operation: z.string().optional(),
  contains: z.string().optional(),
  status: z.int().min(400).max(599).default(500),
  times: z.int().min(1).default(1),
});
const functionSchema = z.strictObject({
  function: z.string().transform(plainName),
  stopped: z.boolean().optional(),
  crash: z.int().min(1).optional(),
});
const timeSchema = z.strictObject({ seconds: z.number().positive() });

export const isControl = (url = '') => url.startsWith('/__aws/') || INVOKE.test(url);

/** Answers a request of the control; a fault in it is told with status 400. */
export async function control(
  controlled: Controlled,
  method: string,
  url: string,
  body: string,
): Promise<ControlAnswer> {
  const [, invoked] = INVOKE.exec(url) ?? [];
  const path = (url.split('?')[0] ?? '').slice('/__aws'.length);
  try {
    const text =
      invoked === undefined
        ? await act(controlled, `${method} ${path}`, () => JSON.parse(body))
        : `${JSON.stringify((await controlled.functions.invoke(plainName(invoked))) ?? null)}\n`;
    return text === undefined ? { status: 404, text: ENDPOINTS } : { status: 200, text };
  } catch (error) {
    return { status: 400, text: `${error instanceof Error ? error.message : String(error)}\n` };
  }
}

/** undefined: there is no such call. */
async function act(controlled: Controlled, call: string, input: () => unknown): Promise<string | undefined> {
  const { faults, functions } = controlled;
  switch (call) {
    case 'GET /':
      return ENDPOINTS;
    case 'GET /metrics':
      return metricsText(controlled);
    case 'GET /faults':
      return `${faults.pending()}\n`;
    case 'POST /faults': {
      const { service, operation, status, times, contains } = faultSchema.parse(input());
      const match = {
        service,
        ...(operation !== undefined && { operation }),
        ...(contains !== undefined && { body: (text: string) => text.includes(contains) }),
      };
      faults.fail(match, status, times);
      return `${faults.pending()}\n`;
    }
    case 'DELETE /faults':
      faults.clear();
      return '0\n';
    case 'GET /functions':
      return `${JSON.stringify(functions.names())}\n`;
    case 'POST /functions': {
      const { function: name, stopped, crash } = functionSchema.parse(input());
      if (stopped !== undefined) functions.setStopped(name, stopped);
      if (crash !== undefined) functions.crash(name, crash);
      return `${JSON.stringify(functions.names())}\n`;
    }
    case 'POST /time':
      await controlled.passTime(timeSchema.parse(input()).seconds);
      return '';
    default:
      return undefined;
  }
}

function metricsText({ metrics, sqs }: Controlled): string {
  const since = sqs.wall.now() - sqs.wall.lasts(PERIOD_SECONDS);
  const all = [...queueMetrics(sqs), ...metrics.sumsSince(since)].filter(({ value }) => value > 0);
  const lines = all.map((one) => `${nameOf(one)} ${one.value}\n`);
  return lines.toSorted().join('');
}

function nameOf({ namespace, name, dimensions }: MetricName): string {
  const named = Object.entries(dimensions).map(([key, value]) => `${key}=${value}`);
  return `${namespace} ${name}${named.length === 0 ? '' : ` {${named.join(', ')}}`}`;
}
