import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import { signedBy } from '../../../local/aws/access/caller.ts';
import { createResources } from '../../../local/aws/create-resources.ts';
import { startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import type { LoggedCall } from '../../../local/zpa-simulator/call-log.ts';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import type { AcceptPorts } from '../../../shared/accept/changes/accept-ports.ts';
import { readChanges } from '../../../shared/accept/changes/read-changes.ts';
import { acceptInOrder, enqueue } from '../../../shared/accept/changes/write-change.ts';
import { clientOptions } from '../../../shared/aws/clients.ts';
import { createKnownLanes } from '../../../shared/aws/ledger/known-lanes.ts';
import { type Configuration, secretNames } from '../../../shared/domain/configuration/configuration.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { createMemoryKnownLanes } from '../../fakes/memory-known-lanes.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { composeWorker, type Worker } from './compose-worker.ts';
import { createEventSource } from './event-source.ts';
import { configurationOf, type SmallLane, seedOf, smallLanes } from './small-lanes.ts';
import { createVirtualTime } from './virtual-time.ts';

const SOURCE = 'ops';
/** More turns than the longest of these scenarios needs. */
const TURNS = 200;

type Options = {
  lanes: number;
  /** The real time, in ms, after which the client aborts a call to ZPA. */
  realTimeoutMs?: number;
  configure?: (configuration: Configuration) => Configuration;
};

/**
 * The worker with its real clients on real sockets: the SDK's against the local AWS endpoint, undici against the ZPA
 * simulator with the documented limits. Only time is ours, so the times are those of production and hours take
 * milliseconds. One worker at a time takes from the queue, as an event source would.
 */
export async function startWorkerWorld(options: Options) {
  const site = await furnish(options);
  const { time, endpoint, simulator, environment, log, meter } = site;
  let { configuration } = site;
  const { realTimeoutMs = 5000 } = options;
  const signed = signedBy(environment, { configuration: configuration.name, name: 'apply' });
  const processes = createProcesses(simulator, (seed) =>
    composeWorker({ ...{ environment: signed, configuration, log, meter, realTimeoutMs, seed }, clock: time.worker }),
  );
  const { close: closeSource, ...source } = createEventSource(site, processes.current);
  const knownLanes = createKnownLanes({ env: environment, tableName: environment.TABLE_NAME });
  const ports = () => processes.current().worker.ports;
  const secretsManager = new SecretsManagerClient(clientOptions(environment));
  return {
    ...{ time, endpoint, simulator, environment, lanes: site.lanes, log, meter, ports },
    ...source,
    accept: (lane: SmallLane, asked: readonly object[]) => accept(ports(), lane, asked),
    sweep: () => sweepLanes({ ...ports(), knownLanes }, new AbortController().signal),
    dieAt: processes.dieAt,
    /** The process ends, and the next one starts with this edit of the first configuration; without one, as it was. */
    edit(change = (before: Configuration) => before): void {
      configuration = change(site.configuration);
      processes.replace();
    },
    /** Runs turns until `at`, or until the queue is empty. */
    async settleUntil(at: number): Promise<void> {
      for (let turns = 0; time.worker.now() < at && (await source.turn()); turns += 1) {
        if (turns > TURNS) throw new Error(`time stands still: ${log.text().slice(-2000)}`);
      }
    },
    /** Runs turns until the queue is empty. */
    async settle(): Promise<void> {
      for (let turns = 0; turns < TURNS; turns += 1) if (!(await source.turn())) return;
      throw new Error(`the queue is not empty after ${TURNS} turns`);
    },
    async putSecret({ tenant }: SmallLane, SecretString: string): Promise<void> {
      const SecretId = secretNames.zpa(configuration.name, tenant, 'write');
      await secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString }));
    },
    async close(): Promise<void> {
      await processes.close();
      closeSource();
      secretsManager.destroy();
      await simulator.close();
      await endpoint.close();
    },
  };
}

export type WorkerWorld = Awaited<ReturnType<typeof startWorkerWorld>>;

async function furnish({ lanes: count, configure }: Options) {
  const time = createVirtualTime(TEST_START);
  const { now, sleep } = time.others;
  const endpoint = await startAwsEndpoint({ clock: time.others });
  const lanes = smallLanes(count);
  const simulator = await startSimulator({ seed: seedOf(lanes), limits: 'documented', now, sleep });
  const plain = configurationOf(lanes, simulator.url);
  const configuration = configure?.(plain) ?? plain;
  const secrets = Object.fromEntries(
    lanes.map(({ tenant, credential }) => [
      secretNames.zpa(configuration.name, tenant, 'write'),
      JSON.stringify(credential),
    ]),
  );
  const environment = await createResources(endpoint, configuration, secrets);
  const [log, meter] = [createRecordingLog(), createRecordingMeter()];
  return { time, endpoint, lanes, simulator, configuration, environment, log, meter };
}

/** The current process of the worker and its predecessors. */
function createProcesses(simulator: Simulator, begin: (seed: number) => Worker) {
  const all = [begin(1)];
  let death = new AbortController();
  const current = () => {
    const worker = all.at(-1);
    if (worker === undefined) throw new Error('there is always a process');
    return { worker, died: death.signal };
  };
  function replace(): void {
    current().worker.kill();
    all.push(begin(all.length + 1));
    death.abort();
    death = new AbortController();
  }
  return {
    current,
    replace,
    /** The process dies as soon as ZPA has received such a call; another process works the next batch. */
    dieAt(fits: (call: LoggedCall) => boolean, whenDead: () => void): void {
      const { sequence = 0 } = simulator.log.all().at(-1) ?? {};
      const fatal = simulator.log.wait((call) => call.sequence > sequence && fits(call));
      void fatal.then(() => {
        replace();
        whenDead();
      });
    },
    close: () => Promise.all(all.map((worker) => worker.close())),
  };
}

/** Accepts the changes and queues them, as ingest does. */
async function accept(ports: Worker['ports'], lane: SmallLane, asked: readonly object[]): Promise<ChangeRecord[]> {
  const { ledger, queue, chance, clock, configuration, log, meter, timing } = ports;
  const ingest: AcceptPorts = {
    ...{ configuration, ledger, queue, chance, clock, log, meter, timing },
    knownLanes: createMemoryKnownLanes(),
    secrets: { read: () => Promise.reject(new Error('nobody signs here')) },
  };
  const source = configuration.sources[SOURCE];
  if (source === undefined) throw new Error(`${SOURCE} is configured`);
  const common = { schemaVersion: 1, tenant: lane.tenant };
  const read = readChanges(configuration, SOURCE, source, { changes: asked.map((one) => ({ ...common, ...one })) });
  if ('refusal' in read) throw new Error(`not accepted: ${JSON.stringify(read.refusal)}`);
  const { records } = await acceptInOrder(ingest, read.changes);
  return enqueue(ingest, records);
}
