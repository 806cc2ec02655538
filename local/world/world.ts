import { join } from 'node:path';
import { createKnownLanes } from '../../shared/aws/ledger/known-lanes.ts';
import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import type { ChangeRef } from '../../shared/domain/lane/change-ref.ts';
import type { FailureRecord, OutcomeNotice } from '../../shared/domain/ledger/message.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { tenantLanes } from '../../shared/ledger/tenant-lanes.ts';
import type { Ledger, UnreadableRecord } from '../../shared/ports/ports.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../aws/endpoint.ts';
import { type LocalTicketSystems, openTicketSystems } from '../ticket-systems/open.ts';
import { type Simulator, startSimulator } from '../zpa-simulator/simulator.ts';
import { changeRefsOf } from './change-refs.ts';
import { LOCAL_SEED } from './configuration/seed.ts';
import { type DeliveryAnswer, type DeliveryOptions, deliver } from './deliver.ts';
import type { FunctionEnvironment } from './functions/functions.ts';
import { type Provisioned, provision } from './functions/provision.ts';
import { type Running, runFunctions } from './functions/run-functions.ts';
import type { WorldOptions } from './functions/world-options.ts';
import { createChangeLister } from './list-changes.ts';
import { readFailures, readOutcomes } from './snapshot/read-journals.ts';
import type { Snapshot } from './snapshot/snapshot.ts';
import { takeSnapshot } from './snapshot/take-snapshot.ts';
import { createAnsweredCheck } from './waiting/await-answered.ts';
import { awaitFact, awaitSettled, type OnActivity } from './waiting/await-settled.ts';
import { watchWrites } from './waiting/watch-writes.ts';

/** The whole system on this machine. */
export type World = {
  /** Of the webhooks and status pages. */
  url: string;
  timeFactor: number;
  configuration: Configuration;
  /** The functions' environment; SDK clients and the CLI work with it. */
  environment: FunctionEnvironment;
  /** The signing secret of a source, newest first. */
  sourceSecret(source: string): Promise<string>;
  ledger: Ledger;
  endpoint: AwsEndpoint;
  simulator: Simulator;
  /** If it was started with them. */
  ticketSystems: LocalTicketSystems | undefined;
  /** One signed delivery, as the source's ticket system makes it. */
  deliver(source: string, body: unknown, options?: DeliveryOptions): Promise<DeliveryAnswer>;
  /** Names changes of a source, for `settled`. */
  refs(source: string, keys: readonly string[], tenant?: string): ChangeRef[];
  /** Waits until all have their outcome and owe nothing. */
  awaitSettled(refs: readonly ChangeRef[], signal?: AbortSignal): Promise<ChangeRecord[]>;
  /** Waits for anything that a write in this world can make true. */
  until<Fact>(look: () => Promise<Fact | undefined>, signal?: AbortSignal): Promise<Fact>;
  /** Waits until every settled change is notified on its ticket. */
  awaitAnswered(signal?: AbortSignal): Promise<unknown>;
  onActivity: OnActivity;
  /** Every change in the ledger, in lane order. */
  changes(): Promise<ChangeRecord[]>;
  /** The messages in `failures.fifo`. */
  failures(): FailureRecord[];
  /** The messages published to `outcomes`, oldest first. */
  outcomes(): OutcomeNotice[];
  runSweep(): Promise<unknown>;
  runReconcile(): Promise<unknown>;
  runDrift(): Promise<void>;
  /** Waits until every outcome has its line in the audit trail. */
  runAudit(): Promise<void>;
  snapshot(): Promise<Snapshot>;
  /** Stops everything; `kill`: at once, as a crash would (running invocations are abandoned). */
  close(options?: { kill?: boolean }): Promise<void>;
};

/** Starts the whole system in this process, on free ports of 127.0.0.1. Rejects if a part cannot start. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const timeFactor = options.timeFactor ?? 1;
  const closers: Closer[] = [];
  try {
    const { dataDir } = options;
    const endpoint = await startAwsEndpoint({
      timeFactor,
      port: options.ports?.aws ?? 0,
      ...(options.permissions && { permissions: options.permissions }),
      ...(dataDir === undefined ? {} : { dataDir: join(dataDir, 'aws') }),
    });
    closers.unshift(() => endpoint.close());
    const simulator = await startSimulator({
      seed: LOCAL_SEED,
      ...options.simulator,
      port: options.ports?.simulator ?? 0,
      ...(dataDir === undefined ? {} : { dataFolder: join(dataDir, 'zpa') }),
    });
    closers.unshift(() => simulator.close());
    const ticketSystems = await openTicketSystemsOf(options, closers);
    const provisioned = await provision({ endpoint, simulator, ticketSystems, timeFactor, options });
    const running = await runFunctions(provisioned, timeFactor, options, endpoint);
    closers.unshift((how) => running.close(how));
    return assemble({ endpoint, simulator, ticketSystems, provisioned, running, timeFactor, closers });
  } catch (error) {
    await closeAll(closers, { kill: true });
    throw error;
  }
}

async function openTicketSystemsOf({ ticketSystems, dataDir }: WorldOptions, closers: Closer[]) {
  if (ticketSystems === undefined || ticketSystems === false) return undefined;
  const opened = await openTicketSystems(ticketSystems === true ? {} : ticketSystems, dataDir);
  closers.unshift(() => opened.close());
  return opened;
}

type Closer = (how: { kill?: boolean }) => Promise<void>;

/** In order, each even if one before it failed; the first error is thrown at the end. */
async function closeAll(closers: readonly Closer[], how: { kill?: boolean }): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closers) await close(how).catch((error) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

type Parts = {
  endpoint: AwsEndpoint;
  simulator: Simulator;
  ticketSystems: LocalTicketSystems | undefined;
  provisioned: Provisioned;
  running: Running;
  timeFactor: number;
  closers: Closer[];
};

function assemble({ endpoint, simulator, ticketSystems, provisioned, running, timeFactor, closers }: Parts): World {
  const { configuration, environment } = provisioned;
  const ledger = createDynamoLedger({ env: environment, tableName: environment.TABLE_NAME ?? '' });
  const lister = createChangeLister(environment);
  const answering = ticketSystems === undefined ? [] : Object.values(ticketSystems.addresses);
  const watch = watchWrites([endpoint.url, simulator.url, ...answering]);
  closers.unshift(async () => {
    watch.close();
    lister.close();
  });
  const isAnswered = createAnsweredCheck(configuration, environment);
  const knownLanes = createKnownLanes({ env: environment, tableName: environment.TABLE_NAME ?? '' });
  const list = async (onUnreadable?: (one: UnreadableRecord) => void) =>
    lister.list(new Set((await tenantLanes({ configuration, knownLanes })).map(({ lane }) => lane)), onUnreadable);
  return {
    url: running.front.url,
    timeFactor,
    configuration,
    environment,
    sourceSecret: provisioned.sourceSecret,
    ledger,
    endpoint,
    simulator,
    ticketSystems,
    onActivity: watch.onActivity,
    deliver: async (source, body, how) =>
      deliver(`${running.front.url}/webhooks/${source}`, await provisioned.sourceSecret(source), body, {
        source: lookup(configuration.sources, source),
        ...how,
      }),
    refs: (source, keys, tenant = 'acme-prod') => changeRefsOf(configuration, source, keys, tenant),
    awaitSettled: (refs, signal) => awaitSettled(ledger, watch.onActivity, refs, signal),
    until: (look, signal) => awaitFact(watch.onActivity, signal, look),
    awaitAnswered: (signal) => awaitFact(watch.onActivity, signal, async () => isAnswered(await list())),
    changes: () => list(),
    failures: () => readFailures(endpoint, environment.FAILURES_QUEUE_URL),
    outcomes: () => readOutcomes(endpoint),
    runSweep: () => running.scheduler.runNow('sweep'),
    runReconcile: () => running.scheduler.runNow('reconcile'),
    runDrift: async () => {
      await running.scheduler.runNow('round');
      await running.drift.drain();
    },
    runAudit: () => running.audit.drain(),
    snapshot: async () => {
      const unreadable: string[] = [];
      const records = await list(({ key }) => unreadable.push(key));
      const { url } = running.front;
      return takeSnapshot({ endpoint, simulator, ledger, provisioned, timeFactor, url, records, unreadable });
    },
    close: (how = {}) => closeAll(closers, how),
  };
}
