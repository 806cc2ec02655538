import { readCallerArn } from '../../../../shared/aws/caller-identity.ts';
import { readAlarms } from '../../../../shared/aws/inspect/alarms.ts';
import { readDeniedCalls } from '../../../../shared/aws/inspect/denied-calls.ts';
import { readLastGoodRun, readOldestMessage } from '../../../../shared/aws/inspect/metrics.ts';
import { readQueueDepth } from '../../../../shared/aws/inspect/queue-depth.ts';
import { readStackState } from '../../../../shared/aws/inspect/stack-state.ts';
import { readIsRestorable, readTableState } from '../../../../shared/aws/inspect/table-state.ts';
import { createSecretStore } from '../../../../shared/aws/secret-store.ts';
import type { Target } from '../../../../shared/deployment/cli-target.ts';
import { FUNCTIONS, SCHEDULES } from '../../../../shared/deployment/resources.ts';
import { retryRead } from '../../../../shared/reading/retry-read.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { allowsEndpoints } from '../../../../shared/settings/load-settings.ts';
import { checkAlarms, DESCRIBE_ALARMS } from '../../checks/alarms.ts';
import { checkClock } from '../../checks/clock.ts';
import { checkDeniedCalls, SEARCH } from '../../checks/denied-calls.ts';
import { expectedSecrets } from '../../checks/expected-secrets.ts';
import { type Check, skipped, unknown } from '../../checks/finding.ts';
import { checkIdentity } from '../../checks/identity.ts';
import { checkLanes, READ_LANES } from '../../checks/lanes.ts';
import { COUNT, checkQueues, MEASURE } from '../../checks/queues.ts';
import { checkSchedules, RUNS } from '../../checks/schedules.ts';
import { checkSecrets, DESCRIBE } from '../../checks/secrets.ts';
import { checkSettings } from '../../checks/settings.ts';
import { checkTables, DESCRIBE_BACKUPS, DESCRIBE_TABLE } from '../../checks/tables.ts';
import { checkTenants } from '../../checks/tenants.ts';
import { checkNode, checkStack, DESCRIBE_STACK } from '../../checks/versions.ts';
import { checkWebhook } from '../../checks/webhook.ts';
import type { OpsSession } from '../../session/compose.ts';
import { productVersion } from '../../session/product-version.ts';
import { environmentOf, openSettings } from '../../session/settings.ts';
import { askPlain, askSigned, askTime } from './ask-webhook.ts';
import { queuesOf } from './queues-of.ts';

/** `session` is absent if the target has no settings that can be used. */
export type Examined = {
  target: Target;
  env: Record<string, string | undefined>;
  session: OpsSession | undefined;
  signal: AbortSignal;
};

/** The check of the AWS credentials, without which no other call to AWS is worth a try. */
export const CREDENTIALS = 'credentials';

/** Every check of the doctor, in the order in which it shows them. */
export function openChecks(examined: Examined): Check[] {
  return [
    ...checksOfAccess(examined),
    ...checksOfSettings(examined),
    ...checksOfWay(examined),
    ...checksOfWatch(examined),
  ];
}

const clock = systemClock;

function checksOfAccess({ target, env }: Examined): Check[] {
  const merged = environmentOf(target, env);
  const account = target.env.OUTCOMES_TOPIC_ARN.split(':')[4] ?? '';
  const versions = { cli: productVersion(), node: process.versions.node, clock };
  return [
    { name: 'version', needs: [], run: async () => checkNode(versions) },
    inAws(target, CREDENTIALS, [], () => checkIdentity({ whoAmI: () => readCallerArn({ env: merged }), account })),
    inAws(target, 'stack', DESCRIBE_STACK, () =>
      checkStack({ ...versions, stack: () => readStackState({ env: merged }, target.name) }),
    ),
  ];
}

function checksOfSettings({ target, env, session, signal }: Examined): Check[] {
  const stack = { name: target.name, allowsEndpoints: allowsEndpoints(target.env) };
  const merged = environmentOf(target, env);
  return [
    {
      name: 'settings',
      needs: ['dynamodb:Query'],
      run: () => checkSettings({ store: openSettings(target, env), stack, clock }),
    },
    withSettings(session, 'secrets', DESCRIBE, ({ configuration, secrets }) =>
      checkSecrets({
        expected: expectedSecrets(configuration),
        read: (name) => secrets.read(name),
        describe: createSecretStore({ env: merged }).describe,
      }),
    ),
    withSettings(session, 'tenants', [], (opened) =>
      checkTenants({
        names: Object.keys(opened.configuration.tenants),
        probe: (tenant, of) => retryRead({ ...opened, signal }, () => opened.zpaOf(tenant).probe({ of, signal })),
      }),
    ),
    withSettings(session, 'lanes', READ_LANES, ({ configuration: { tenants }, ledger }) =>
      checkLanes({ tenants, ledger, clock }),
    ),
  ];
}

function checksOfWay({ target, env, session, signal }: Examined): Check[] {
  const merged = environmentOf(target, env);
  const url = target.ingestUrl;
  const base = target.env.CHANGES_QUEUE_URL.replace(/[^/]*$/, '');
  const span = () => ({ from: clock.now() - 3_600_000, until: clock.now() });
  return [
    {
      name: 'webhook',
      needs: [],
      run: () =>
        checkWebhook({
          url,
          source: target.source,
          askSigned: session === undefined ? withoutSettings() : askSigned(session, signal),
          askPlain: () => askPlain(target, signal),
        }),
    },
    inAws(target, 'clock', [], () => checkClock({ askTime: () => askTime(url, clock, signal) })),
    {
      name: 'queues',
      needs: COUNT,
      run: () =>
        checkQueues({
          queues: queuesOf(target),
          depthOf: (name) => readQueueDepth({ env: merged }, `${base}${name}`),
          ageOf: isLocal(target) ? undefined : (name) => readOldestMessage({ env: merged }, name, span()),
        }),
    },
    {
      name: 'tables',
      needs: [...DESCRIBE_TABLE, ...DESCRIBE_BACKUPS],
      run: () =>
        checkTables({
          names: [target.env.TABLE_NAME, target.env.SETTINGS_TABLE],
          stateOf: (name) => readTableState({ env: merged }, name),
          isRestorable: isLocal(target) ? undefined : (name) => readIsRestorable({ env: merged }, name),
        }),
    },
  ];
}

function checksOfWatch({ target, env }: Examined): Check[] {
  const from = { env: environmentOf(target, env) };
  const functionName = (name: string) => `${target.name}-${name}`;
  const alarms = () => readAlarms({ ...from, stack: target.name, topic: `${target.name}-alarms` });
  return [
    inAws(target, 'schedules', [...RUNS, ...MEASURE], () =>
      checkSchedules({
        names: Object.keys(SCHEDULES),
        alarms,
        lastGoodRun: (name, span) => readLastGoodRun(from, functionName(startedBy(name)), span),
        // The line of the stack says it if the stack cannot be read.
        madeAt: () =>
          readStackState(from, target.name).then(
            ({ madeAt }) => madeAt,
            () => undefined,
          ),
        clock,
      }),
    ),
    inAws(target, 'alarms', DESCRIBE_ALARMS, () => checkAlarms({ alarms, clock })),
    inAws(target, 'denied', SEARCH, () =>
      checkDeniedCalls({
        functions: Object.keys(FUNCTIONS),
        deniedCalls: (name, since) => readDeniedCalls(from, functionName(name), since),
        clock,
      }),
    ),
  ];
}

const isLocal = ({ kind }: Target) => kind === 'local';

/** A check of something that only a stack in AWS has. */
function inAws(target: Target, name: string, needs: readonly string[], run: Check['run']): Check {
  if (!isLocal(target)) return { name, needs, run };
  return { name, needs, run: async () => [skipped('not applicable to the local demo')] };
}

function withSettings(
  session: OpsSession | undefined,
  name: string,
  needs: readonly string[],
  run: (session: OpsSession) => ReturnType<Check['run']>,
): Check {
  if (session !== undefined) return { name, needs, run: () => run(session) };
  return { name, needs, run: async () => [withoutSettings()] };
}

const withoutSettings = () => unknown('not checked: there are no usable settings', 'See the result for settings.');

/** The function that a schedule starts. */
const startedBy = (schedule: string): string =>
  Object.entries(FUNCTIONS).find(([, one]) => 'schedule' in one && one.schedule === schedule)?.[0] ?? schedule;
