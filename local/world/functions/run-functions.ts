import type { SQSEvent } from 'aws-lambda';
import {
  AUDIT,
  DRIFT,
  FUNCTIONS,
  type FunctionName,
  NOTICES,
  PLANS,
  SCHEDULES,
  STARTED,
} from '../../../shared/deployment/resources.ts';
import { lanesOf } from '../../../shared/domain/lane/change-ref.ts';
import { signedBy } from '../../aws/access/caller.ts';
import type { AwsEndpoint } from '../../aws/endpoint.ts';
import type { LocalFunctions } from '../../aws/watch/functions.ts';
import { type EventSource, startEventSource } from '../../lambda/event-source.ts';
import { type HttpFront, startHttpFront } from '../../lambda/http-front.ts';
import type { LambdaFunction } from '../../lambda/invocation.ts';
import { type Scheduler, startScheduler } from '../../lambda/schedule.ts';
import { composeFunctions, type Functions, timeoutOf } from './functions.ts';
import { sendMissedRun } from './missed-runs.ts';
import type { Provisioned } from './provision.ts';
import type { WorldOptions } from './world-options.ts';

/** The functions at work, and what calls them. */
export type Running = {
  front: HttpFront;
  scheduler: Scheduler;
  /** Takes the lanes of a drift round. */
  drift: EventSource;
  /** Writes the audit trail. */
  audit: EventSource;
  close(how: { kill?: boolean }): Promise<void>;
};

/** An expression that never comes due in the lifetime of a local world. */
const NEVER = 'cron(0 0 1 1 ? 2199)';

/** Puts the functions behind HTTP, the queue and the clock, as the stack does. */
export async function runFunctions(
  provisioned: Provisioned,
  timeFactor: number,
  options: WorldOptions,
  aws: Pick<AwsEndpoint, 'functions' | 'metrics' | 'environment'>,
): Promise<Running> {
  const { configuration, environment, isAnswering } = provisioned;
  const frameOf = (name: FunctionName) => frame(name, timeFactor, aws.functions);
  // The functions need the address that only the front knows, so it starts with functions that are built a moment later.
  const built = Promise.withResolvers<Functions>();
  const front = await startHttpFront({
    port: options.ports?.front ?? 0,
    onAnswer: (status) => {
      if (status >= 500) aws.metrics.add({ namespace: 'AWS/ApiGateway', name: '5xx', dimensions: {} });
    },
    routes: [
      {
        route: FUNCTIONS.ingest.route,
        function: { ...frameOf('ingest'), handler: async (event) => (await built.promise).ingest(event) },
      },
      {
        route: FUNCTIONS.status.route,
        function: { ...frameOf('status'), handler: async (event) => (await built.promise).status(event) },
      },
      {
        route: FUNCTIONS.catalog.route,
        function: { ...frameOf('catalog'), handler: async (event) => (await built.promise).catalog(event) },
      },
    ],
  });
  const functions = composeFunctions({ ...environment, PUBLIC_URL: front.url }, configuration.name);
  built.resolve(functions);
  const scheduled = options.schedules ?? true;
  const scheduler = startScheduler({
    timeFactor,
    onRun: async (run) => {
      if (run.error === undefined) return;
      options.onFailure?.(run.name, run.error);
      await sendMissedRun(aws.environment(), configuration.name, run);
    },
    functions: (['sweep', 'reconcile', 'drift'] as const).map((name) => ({
      expression: scheduled ? SCHEDULES[name] : NEVER,
      function: { ...frameOf(STARTED[name]), handler: functions[STARTED[name]] },
    })),
  });
  const eventSource =
    (options.worker ?? true)
      ? startWorker(provisioned, timeFactor, functions.apply, options.onFailure, aws.functions)
      : undefined;
  aws.functions.onInvoke((name) => scheduler.runNow(name));
  const take = (name: 'notify' | 'plan' | 'drift' | 'audit', queueUrl: string | undefined, queue: Taking) =>
    startTaking(provisioned, { frame: frameOf(name), handler: functions[name], queueUrl, queue }, options);
  const tickets = isAnswering
    ? [take('notify', environment.NOTICES_QUEUE_URL, NOTICES), take('plan', environment.PLANS_QUEUE_URL, PLANS)]
    : [];
  const lanes = take('drift', environment.DRIFT_QUEUE_URL, DRIFT);
  const audit = take('audit', environment.AUDIT_QUEUE_URL, AUDIT);
  return {
    front,
    scheduler,
    drift: lanes,
    audit,
    async close(how) {
      await front.close();
      await Promise.all([scheduler, eventSource, lanes, audit, ...tickets].map((one) => one?.close(how)));
    },
  };
}

/**
 * Takes from the queue as Lambda would: one batch per lane at a time, and two more so that no lane waits for another.
 */
export function startWorker(
  { configuration, environment }: Pick<Provisioned, 'configuration' | 'environment'>,
  timeFactor: number,
  apply: Functions['apply'],
  onFailure?: WorldOptions['onFailure'],
  watched?: LocalFunctions,
): EventSource {
  return startEventSource({
    function: { ...frame('apply', timeFactor, watched), handler: apply },
    // Lambda's poller receives and deletes with the function's role.
    environment: signedBy(environment, { configuration: configuration.name, name: 'apply' }),
    queueUrl: environment.CHANGES_QUEUE_URL ?? '',
    maximumConcurrency: lanesOf(configuration).size + 2,
    onBatch: ({ outcome, error }) => {
      if (outcome !== 'succeeded' && outcome !== 'partial') onFailure?.('apply', error ?? outcome);
    },
  });
}

type Taking = { batchSize: number; concurrency: number };

/** Takes from a queue beside the changes, some batches at once, as the stack does. */
function startTaking(
  { configuration, environment }: Pick<Provisioned, 'configuration' | 'environment'>,
  {
    frame,
    handler,
    queueUrl = '',
    queue: { batchSize, concurrency },
  }: {
    frame: Frame;
    handler: LambdaFunction<SQSEvent>['handler'];
    queueUrl: string | undefined;
    queue: Taking;
  },
  { onFailure }: WorldOptions,
): EventSource {
  const { name } = frame;
  return startEventSource({
    function: { ...frame, handler },
    // Lambda's poller receives and deletes with the function's role.
    environment: signedBy(environment, { configuration: configuration.name, name }),
    queueUrl,
    batchSize,
    maximumConcurrency: concurrency,
    onBatch: ({ outcome, error }) => {
      // A notice that a ticket system does not take yet comes again, which is no failure of the function.
      if (outcome !== 'succeeded' && !(name === 'notify' && outcome === 'partial')) onFailure?.(name, error ?? outcome);
    },
  });
}

type Frame = Omit<LambdaFunction<never>, 'handler' | 'name'> & { name: FunctionName };

function frame(name: FunctionName, timeFactor: number, watched?: LocalFunctions): Frame {
  const watch = watched?.watch(name);
  const { memoryMb } = FUNCTIONS[name];
  return { name, timeoutMs: timeoutOf(name, timeFactor), memoryMb, ...(watch && { watch }) };
}
