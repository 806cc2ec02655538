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
import { type EventSource, startEventSource } from '../../lambda/event-source.ts';
import { type HttpFront, startHttpFront } from '../../lambda/http-front.ts';
import type { LambdaFunction } from '../../lambda/invocation.ts';
import { type Scheduler, startScheduler } from '../../lambda/schedule.ts';
import { composeFunctions, type Functions, timeoutOf } from './functions.ts';
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
): Promise<Running> {
  const { configuration, environment, isAnswering } = provisioned;
  // The functions need the address that only the front knows, so it starts with functions that are built a moment later.
  const built = Promise.withResolvers<Functions>();
  const front = await startHttpFront({
    port: options.ports?.front ?? 0,
    routes: [
      {
        route: FUNCTIONS.ingest.route,
        function: { ...frame('ingest', timeFactor), handler: async (event) => (await built.promise).ingest(event) },
      },
      {
        route: FUNCTIONS.status.route,
        function: { ...frame('status', timeFactor), handler: async (event) => (await built.promise).status(event) },
      },
      {
        route: FUNCTIONS.catalog.route,
        function: { ...frame('catalog', timeFactor), handler: async (event) => (await built.promise).catalog(event) },
      },
    ],
  });
  const functions = composeFunctions({ ...environment, PUBLIC_URL: front.url }, configuration.name);
  built.resolve(functions);
  const scheduled = options.schedules ?? true;
  const scheduler = startScheduler({
    timeFactor,
    onRun: ({ name, error }) => {
      if (error !== undefined) options.onFailure?.(name, error);
    },
    functions: (['sweep', 'reconcile', 'drift'] as const).map((name) => ({
      expression: scheduled ? SCHEDULES[name] : NEVER,
      function: { ...frame(STARTED[name], timeFactor), handler: functions[STARTED[name]] },
    })),
  });
  const eventSource =
    (options.worker ?? true) ? startWorker(provisioned, timeFactor, functions.apply, options.onFailure) : undefined;
  const take = (name: 'notify' | 'plan' | 'drift' | 'audit', queueUrl: string | undefined, queue: Taking) =>
    startTaking(provisioned, { name, handler: functions[name], queueUrl, timeFactor, queue }, options);
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

/** Takes from the queue as Lambda would: one batch per lane at a time, and two more so that no lane waits for another. */
export function startWorker(
  { configuration, environment }: Pick<Provisioned, 'configuration' | 'environment'>,
  timeFactor: number,
  apply: Functions['apply'],
  onFailure?: WorldOptions['onFailure'],
): EventSource {
  return startEventSource({
    function: { ...frame('apply', timeFactor), handler: apply },
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
    name,
    handler,
    queueUrl = '',
    timeFactor,
    queue: { batchSize, concurrency },
  }: {
    name: FunctionName;
    handler: LambdaFunction<SQSEvent>['handler'];
    queueUrl: string | undefined;
    timeFactor: number;
    queue: Taking;
  },
  { onFailure }: WorldOptions,
): EventSource {
  return startEventSource({
    function: { ...frame(name, timeFactor), handler },
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

function frame(name: FunctionName, timeFactor: number) {
  return { name, timeoutMs: timeoutOf(name, timeFactor), memoryMb: FUNCTIONS[name].memoryMb };
}
