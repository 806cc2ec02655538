import { createIgnores } from '../../../shared/aws/ledger/ignores.ts';
import { createKnownLanes } from '../../../shared/aws/ledger/known-lanes.ts';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { createSeenListStore } from '../../../shared/aws/ledger/seen-lists.ts';
import { createSharedReadBudgetStore } from '../../../shared/aws/ledger/shared-read-budget.ts';
import { createChangeQueue } from '../../../shared/aws/messaging/change-queue.ts';
import { createFailureDrain } from '../../../shared/aws/messaging/failure-drain.ts';
import { createFailureQueue } from '../../../shared/aws/messaging/failure-queue.ts';
import { createOutcomeTopic } from '../../../shared/aws/messaging/outcome-topic.ts';
import { createSecretReader } from '../../../shared/aws/secret-reader.ts';
import { createStoredReports } from '../../../shared/aws/stored-reports.ts';
import type { Target } from '../../../shared/deployment/cli-target.ts';
import { type Configuration, secretNames } from '../../../shared/domain/configuration/configuration.ts';
import type { Lane } from '../../../shared/domain/lane/change-ref.ts';
import { scaleTiming, TIMING, type Timing } from '../../../shared/domain/ledger/timing.ts';
import type { RedrivePorts } from '../../../shared/ledger/redrive-change.ts';
import type { ChangeList } from '../../../shared/ports/change-list.ts';
import type { Ignores } from '../../../shared/ports/ignores.ts';
import type { KnownLanes } from '../../../shared/ports/known-lanes.ts';
import type {
  FailureDrain,
  Ledger,
  RateLimiter,
  SecretReader,
  TicketChanges,
  Zpa,
} from '../../../shared/ports/ports.ts';
import type { StoredReports } from '../../../shared/ports/stored-reports.ts';
import type { SharedReadBudgetStore } from '../../../shared/reading/shared-reads.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { configurationOf, type RefusedVersion } from '../../../shared/settings/load-settings.ts';
import { createReadClients } from '../../../shared/zpa/read-clients.ts';
import { reportWaits } from './report-waits.ts';
import { environmentOf, findTargetSettings } from './settings.ts';

/** The target, configuration and clients of one run of the CLI. */
export type OpsSession = Omit<RedrivePorts, 'clock' | 'ledger'> & {
  ledger: Ledger & TicketChanges & ChangeList;
  target: Target;
  configuration: Configuration;
  /** The newest version of the settings, if it cannot be used; `configuration` is an earlier one then. */
  refusedSettings: RefusedVersion | undefined;
  clock: typeof systemClock;
  secrets: SecretReader;
  /** The CLI has no ZPA credential of its own: it reads the tenant's `read` secret with its user's AWS rights. */
  zpaOf: (tenant: string) => Zpa;
  drain: FailureDrain;
  knownLanes: Pick<KnownLanes, 'read'>;
  ignores: Ignores;
  /** The reads of drift and plans, by lane. */
  sharedReads: Pick<SharedReadBudgetStore, 'read'>;
  /** Stored drift reports; undefined: the target does not name their bucket. */
  reports: StoredReports | undefined;
  timing: Timing;
  /** Pauses between attempts of a read. A person waits, so there is only one more attempt. */
  pausesMs: readonly number[];
  sourceSecretName(source: string): string;
  [Symbol.asyncDispose](): Promise<void>;
};

type Composing = { tell?: (line: string) => void; limiters?: Map<Lane, RateLimiter> };

/**
 * Composes the session. The settings of the target are loaded; its clients make no call before a command does. `tell` gets what
 * reads of ZPA wait for. `limiters`: of reads of ZPA, for a process that composes several sessions.
 */
export async function compose(
  target: Target,
  env: Record<string, string | undefined>,
  { tell = () => undefined, limiters }: Composing = {},
): Promise<OpsSession> {
  const names = target.env;
  const merged = environmentOf(target, env);
  const settings = await findTargetSettings(target, env);
  const configuration = configurationOf(settings);
  const clock = systemClock;
  const secrets = createSecretReader({ env: merged, clock });
  const timing = scaleTiming(TIMING, Number(names.TIME_FACTOR ?? '1'));
  const seenLists = createSeenListStore({ env: merged, tableName: names.TABLE_NAME });
  const { limiterOf, counted } = reportWaits(tell, { clock, timing });
  const readClients = createReadClients({
    configuration,
    secrets,
    clock,
    seenLists,
    timing,
    limiterOf,
    ...(limiters && { limiters }),
  });
  return {
    target,
    configuration,
    refusedSettings: settings?.refused[0],
    clock,
    secrets,
    pausesMs: [1000],
    timing,
    knownLanes: createKnownLanes({ env: merged, tableName: names.TABLE_NAME }),
    zpaOf: (tenant) => counted(readClients.zpaOf(tenant)),
    sharedReads: createSharedReadBudgetStore({ env: merged, tableName: names.TABLE_NAME }),
    ignores: createIgnores({ env: merged, tableName: names.TABLE_NAME }),
    reports:
      names.REPORTS_BUCKET === undefined
        ? undefined
        : createStoredReports({ env: merged, bucket: names.REPORTS_BUCKET }),
    ledger: createDynamoLedger({ env: merged, tableName: names.TABLE_NAME }),
    queue: createChangeQueue({ env: merged, queueUrl: names.CHANGES_QUEUE_URL }),
    failures: createFailureQueue({ env: merged, queueUrl: names.FAILURES_QUEUE_URL }),
    drain: createFailureDrain({ env: merged, queueUrl: names.FAILURES_QUEUE_URL }),
    outcomes: createOutcomeTopic({ env: merged, topicArn: names.OUTCOMES_TOPIC_ARN }),
    sourceSecretName: (source) => secretNames.source(configuration.name, source),
    [Symbol.asyncDispose]: () => readClients.close(),
  };
}
