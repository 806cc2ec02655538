import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOptions } from '../../local/aws/client-options.ts';
import { toEvent } from '../../local/lambda/sqs-event.ts';
import { startWorld, type World } from '../../local/world/world.ts';
import { FUNCTIONS, type FunctionName } from '../../shared/deployment/resources.ts';
import { signPayload } from '../../shared/domain/source/sign-payload.ts';

export type LambdaError = { errorType: string; errorMessage: string };
export type Invoked = { result: unknown } | { error: LambdaError };

/** A function that has started. */
export type StartedFunction = { invoke(event: unknown): Promise<Invoked>; close(): Promise<void> };

/** Starts a function in its runtime; answers the error of its start if it has one. */
export type StartFunction = (
  name: FunctionName,
  environment: Record<string, string>,
) => Promise<StartedFunction | { initError: LambdaError }>;

export type LambdaRuntime = { start: StartFunction; close(): Promise<void> };

const NAMES = Object.keys(FUNCTIONS) as FunctionName[];
const NO_TICKET = { Records: [] };
const ANSWERED = { result: expect.objectContaining({ statusCode: expect.any(Number) }) };
const BATCH = { result: { batchItemFailures: [] } };

const http = (method: string, path: string, parameters: object, more: object = {}) => ({
  version: '2.0',
  rawPath: path,
  rawQueryString: '',
  headers: {},
  pathParameters: parameters,
  requestContext: { domainName: 'front.example.org', http: { method, path, sourceIp: '127.0.0.1' } },
  isBase64Encoded: false,
  ...more,
});

/** The answer of each function to an event of its kind, beside `ingest` and `apply`, which have a story. */
const VALID: Partial<Record<FunctionName, [event: unknown, answer: unknown]>> = {
  status: [http('GET', '/changes/none', { token: 'none' }), { result: expect.objectContaining({ statusCode: 404 }) }],
  catalog: [http('GET', '/catalog', {}), { result: expect.objectContaining({ statusCode: 401 }) }],
  sweep: [{}, { result: expect.objectContaining({ failed: 0 }) }],
  reconcile: [{}, { result: expect.anything() }],
  round: [{}, { result: expect.anything() }],
  drift: [NO_TICKET, BATCH],
  notify: [NO_TICKET, BATCH],
  plan: [NO_TICKET, BATCH],
  audit: [NO_TICKET, BATCH],
};

/** The promises of a Lambda runtime and of our functions in it; `open` builds what it starts from the environment. */
export function lambdaRuntimeContract(
  name: string,
  open: (world: World) => Promise<LambdaRuntime>,
  timeout: number,
): void {
  describe(`Lambda runtime: ${name}`, { timeout }, () => {
    let world: World;
    let runtime: LambdaRuntime;
    const environment = (): Record<string, string> => ({ ...world.environment, PUBLIC_URL: world.url });
    beforeAll(async () => {
      world = await startWorld({ timeFactor: 10, worker: false, schedules: false, simulator: { limits: 'off' } });
      runtime = await open(world);
    }, timeout);
    afterAll(async () => {
      await runtime?.close();
      await world?.close();
    });

    async function inFunction<T>(fn: FunctionName, story: (started: StartedFunction) => Promise<T>): Promise<T> {
      const started = await runtime.start(fn, environment());
      if ('initError' in started) throw new Error(started.initError.errorMessage);
      try {
        return await story(started);
      } finally {
        await started.close();
      }
    }

    it('ingest accepts a signed change, and apply carries it out in ZPA', async () => {
      const change = { schemaVersion: 1, idempotencyKey: 'CHG1/1', tenant: 'acme-prod', action: 'create' };
      const body = JSON.stringify({ ...change, group: { name: 'From a runtime' } });
      const secret = await world.sourceSecret('ops');
      const settings = { scheme: { kind: 'standard-webhooks' as const } };
      const signed = signPayload(settings, secret, { id: 'msg_1', at: Date.now(), body });
      const event = http('POST', '/webhooks/ops', { source: 'ops' }, signed);
      await inFunction('ingest', async ({ invoke }) => {
        expect(await invoke(event)).toMatchObject({ result: { statusCode: 202 } });
      });
      const batch = await receive(world);
      expect(batch.Records).toHaveLength(1);
      await inFunction('apply', async ({ invoke }) => {
        await invoke(batch);
        expect(world.simulator.store.group('From a runtime')).toBeDefined();
      });
    });

    it.each(NAMES)('%s answers an odd event, and the next one as if nothing had been', async (fn) => {
      await inFunction(fn, async ({ invoke }) => {
        // Schedules pass an event that says nothing.
        const odd = 'schedule' in FUNCTIONS[fn] ? [null] : [null, 7, { Records: [{ body: 1 }], headers: 3 }];
        for (const event of odd) {
          const answer = await invoke(event);
          if ('error' in answer) expect(answer.error.errorMessage).not.toBe('');
        }
        const [event, answer] = VALID[fn] ?? (fn === 'apply' ? [NO_TICKET, BATCH] : [http('GET', '/', {}), ANSWERED]);
        expect(await invoke(event)).toEqual(answer);
      });
    });

    it.each(NAMES)('%s reports a start without its environment, with what is missing', async (fn) => {
      const { AWS_ENDPOINT_URL = '', AWS_REGION = '' } = environment();
      const started = await runtime.start(fn, { AWS_ENDPOINT_URL, AWS_REGION });
      if (!('initError' in started)) await started.close();
      const missing = fn === 'status' || fn === 'audit' ? 'TABLE_NAME' : 'SETTINGS_TABLE';
      expect(started).toMatchObject({ initError: { errorMessage: expect.stringContaining(missing) } });
    });
  });
}

/** The batch that Lambda would pass on. */
async function receive({ environment }: World): Promise<SQSEvent> {
  const client = new SQSClient(clientOptions(environment as never));
  const QueueUrl = environment.CHANGES_QUEUE_URL ?? '';
  const command = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], WaitTimeSeconds: 5 });
  const { Messages = [] } = await client.send(command);
  client.destroy();
  return toEvent(Messages, 'arn:aws:sqs:eu-central-1:000000000000:changes.fifo');
}
