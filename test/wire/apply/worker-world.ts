import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { acceptInOrder, ring } from '../../../functions/ingest/accept-change.ts';
import type { Ingest } from '../../../functions/ingest/ports.ts';
import { readChanges } from '../../../functions/ingest/read-changes.ts';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import { createResources } from '../../../local/aws/create-resources.ts';
import { startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { workBatch } from '../../../local/lambda/work-batch.ts';
import { queueName } from '../../../local/take-snapshot.ts';
import type { LoggedCall } from '../../../local/zpa-simulator/call-log.ts';
import { startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { clientOptions } from '../../../shared/aws/clients.ts';
import { type Configuration, secretNames } from '../../../shared/domain/configuration.ts';
import { refKey } from '../../../shared/domain/lane.ts';
import type { ChangeMessage } from '../../../shared/domain/message.ts';
import type { ChangeRecord } from '../../../shared/domain/records.ts';
import { TIMING } from '../../../shared/domain/timing.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { composeWorker, type Worker } from './compose-worker.ts';
import { configurationOf, type SmallLane, seedOf, smallLanes } from './small-lanes.ts';
import { createVirtualTime } from './virtual-time.ts';

const SOURCE = 'ops';
/** More turns than the longest of these stories takes. */
const TURNS = 200;

type Options = {
  lanes: number;
  /** How long a call to ZPA may really take before the client gives it up. */
  realTimeoutMs?: number;
  configure?: (configuration: Configuration) => Configuration;
};

/**
 * The worker with its real clients on real sockets: the SDK's against the local AWS endpoint, undici against the ZPA
 * simulator with the documented limits. Only time is ours, so the times are those of production and hours take
 * milliseconds. One worker at a time takes from the queue, as an event source would.
 */
export async function startWorkerWorld({ lanes: count, realTimeoutMs = 5000, configure }: Options) {
  const time = createVirtualTime(TEST_START);
  const endpoint = await startAwsEndpoint({ clock: time.others });
  const lanes = smallLanes(count);
  const simulator = await startSimulator({
    seed: seedOf(lanes),
    limits: 'documented',
    now: time.others.now,
    sleep: time.others.sleep,
  });
  const plain = configurationOf(lanes, simulator.url);
  const configuration = configure?.(plain) ?? plain;
  const secretOf = ({ tenant }: SmallLane) => secretNames.zpa(configuration.name, tenant, 'write');
  const secrets = Object.fromEntries(lanes.map((lane) => [secretOf(lane), JSON.stringify(lane.credential)]));
  const environment = await createResources(endpoint, configuration, secrets);
  const log = createRecordingLog();
  const meter = createRecordingMeter();
  let processes = 0;
  const begin = (): Worker => {
    processes += 1;
    return composeWorker({
      ...{ environment, configuration, log, meter, realTimeoutMs },
      clock: time.worker,
      seed: processes,
    });
  };
  let worker = begin();
  const gone: Worker[] = [];
  let killed = new AbortController();
  const sqs = new SQSClient(clientOptions(environment));
  const secretsManager = new SecretsManagerClient(clientOptions(environment));
  const changesQueue = queueName(environment.CHANGES_QUEUE_URL);
  const receives = new Map<string, number>();
  const receivesOfMessage = new Map<string, number>();
  const invocations: number[] = [];
  const frame = { name: 'apply', timeoutMs: TIMING.functionTimeoutMs };

  async function receive(): Promise<Message[]> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: environment.CHANGES_QUEUE_URL,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    for (const { Body = '', MessageId = '', Attributes } of Messages) {
      receivesOfMessage.set(MessageId, Number(Attributes?.ApproximateReceiveCount));
      const key = refKey((JSON.parse(Body) as ChangeMessage).ref);
      receives.set(key, (receives.get(key) ?? 0) + 1);
    }
    return Messages;
  }

  /** Has the next messages worked, or lets time pass until there are any; false: the queue is empty. */
  async function turn(): Promise<boolean> {
    const messages = await receive();
    if (messages.length > 0) {
      const { handle } = worker;
      const source = { function: { ...frame, handler: handle }, queueUrl: environment.CHANGES_QUEUE_URL };
      invocations.push(time.worker.now());
      const { signal } = killed;
      const died = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([workBatch(sqs, source, messages, 'changes', time.others, { killed: false }), died]);
      return true;
    }
    const waiting = endpoint.contents(changesQueue, 1000)?.messages ?? [];
    // A visible one that nobody is handed stands behind one of its lane that is in flight.
    const coming = waiting.map(({ visibleAt }) => visibleAt).filter((at) => at > time.worker.now());
    if (coming.length > 0) await time.advanceTo(Math.min(...coming));
    return waiting.length > 0;
  }

  return {
    ...{ time, endpoint, simulator, configuration, environment, lanes, log, meter, turn },
    /** How often messages of a change were received. */
    receivesOf: ({ ref }: ChangeRecord) => receives.get(refKey(ref)) ?? 0,
    ports: () => worker.ports,
    /** When each invocation began. */
    invocations,
    /** When the messages in the queue can be received. */
    visibleAt: () => (endpoint.contents(changesQueue, 1000)?.messages ?? []).map((message) => message.visibleAt),
    /** The message that was received most often, and how many there were. */
    messages: () => ({ received: receivesOfMessage.size, most: Math.max(0, ...receivesOfMessage.values()) }),
    sweep: () => sweepLanes(worker.ports, new AbortController().signal),
    /** Through the gate and onto the queue, as ingest does it. */
    async accept(lane: SmallLane, asked: readonly object[]): Promise<ChangeRecord[]> {
      const { ledger, queue, chance, clock } = worker.ports;
      const ingest: Ingest = {
        ...{ configuration, ledger, queue, chance, clock, log, meter, timing: TIMING },
        secrets: { read: () => Promise.reject(new Error('nobody signs here')) },
      };
      const common = { schemaVersion: 1, tenant: lane.tenant };
      const source = configuration.sources[SOURCE];
      if (source === undefined) throw new Error('ops is configured');
      const read = readChanges(configuration, SOURCE, source, { changes: asked.map((one) => ({ ...common, ...one })) });
      if ('refusal' in read) throw new Error(`not accepted: ${JSON.stringify(read.refusal)}`);
      const { records } = await acceptInOrder(ingest, read.changes);
      return ring(ingest, records);
    },
    /** Turns until then, or until the queue is empty. */
    async settleUntil(at: number): Promise<void> {
      for (let turns = 0; time.worker.now() < at && (await turn()); turns += 1) {
        if (turns > TURNS) throw new Error(`time stands still: ${log.text().slice(-2000)}`);
      }
    },
    /** Turns until the queue is empty. */
    async settle(): Promise<void> {
      for (let turns = 0; turns < TURNS; turns += 1) if (!(await turn())) return;
      throw new Error(`the queue is not empty after ${TURNS} turns`);
    },
    /** Lets the worker's process die as soon as ZPA has met such a call; the next turn has a new one. */
    dieAt(fits: (call: LoggedCall) => boolean, whenDead: () => void): void {
      const { sequence = 0 } = simulator.log.all().at(-1) ?? {};
      void simulator.log
        .wait((call) => call.sequence > sequence && fits(call))
        .then(() => {
          worker.kill();
          gone.push(worker);
          worker = begin();
          killed.abort();
          killed = new AbortController();
          whenDead();
        });
    },
    async putSecret(lane: SmallLane, text: string): Promise<void> {
      await secretsManager.send(new PutSecretValueCommand({ SecretId: secretOf(lane), SecretString: text }));
    },
    secretOf,
    async close(): Promise<void> {
      await Promise.all([worker, ...gone].map((one) => one.close()));
      sqs.destroy();
      secretsManager.destroy();
      await simulator.close();
      await endpoint.close();
    },
  };
}

export type WorkerWorld = Awaited<ReturnType<typeof startWorkerWorld>>;
