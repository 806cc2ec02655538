import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResources } from '../local/aws/create-resources.ts';
import { startAwsEndpoint } from '../local/aws/endpoint.ts';
import { makeSecrets } from '../local/world/configuration/secrets.ts';
import { composeFunctions } from '../local/world/functions/functions.ts';
import { startSimulator } from '../local/zpa-simulator/simulator.ts';
import type { AcceptPorts } from '../shared/accept/changes/accept-ports.ts';
import { acceptInOrder } from '../shared/accept/changes/write-change.ts';
import { createKnownLanes } from '../shared/aws/ledger/known-lanes.ts';
import { createDynamoLedger } from '../shared/aws/ledger/ledger.ts';
import { createChangeQueue } from '../shared/aws/messaging/change-queue.ts';
import { createSecretReader } from '../shared/aws/secret-reader.ts';
import { changeSchema } from '../shared/domain/change/change.ts';
import { fingerprint } from '../shared/domain/change/fingerprint.ts';
import { laneName } from '../shared/domain/lane/change-ref.ts';
import { TIMING } from '../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../shared/domain/records/change-record.ts';
import { systemChance, systemClock } from '../shared/runtime/clock.ts';
import { createLog } from '../shared/runtime/log.ts';
import { createMeter } from '../shared/runtime/meter.ts';
import { groupId, lanesConfiguration, lanesSeed, SOURCE, tenantOf } from './lanes-seed.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** The deployed functions on the local AWS and the simulated ZPA with its documented limits, all of them in virtual time. */
export async function openLanesWorld({ lanes, applications }: { lanes: number; applications: number }) {
  const time = createVirtualClock(Date.now());
  // The functions are composed as they are deployed, so they have the clock of their process.
  Object.assign(systemClock, time.clock);
  // On disk, so that what AWS would hold is not in the memory that is measured.
  const dataDir = mkdtempSync(join(tmpdir(), 'zpa-changes-lanes-'));
  const endpoint = await startAwsEndpoint({ clock: time.clock, dataDir });
  const seed = lanesSeed(lanes, applications);
  const simulator = await startSimulator({ seed, limits: 'documented', ...time.clock });
  const configuration = lanesConfiguration(lanes, simulator.url);
  const env = {
    ...(await createResources(endpoint, configuration, makeSecrets(configuration))),
    PUBLIC_URL: 'http://127.0.0.1',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  const ports: AcceptPorts & { ledger: ReturnType<typeof createDynamoLedger> } = {
    ...{ configuration, clock: systemClock, chance: systemChance, timing: TIMING },
    ledger: createDynamoLedger({ env, tableName: env.TABLE_NAME }),
    knownLanes: createKnownLanes({ env, tableName: env.TABLE_NAME }),
    queue: createChangeQueue({ env, queueUrl: env.CHANGES_QUEUE_URL }),
    secrets: createSecretReader({ env, clock: systemClock }),
    log: createLog('bench', env),
    meter: createMeter('bench', env),
  };
  return {
    ...{ clock: time.clock, endpoint, simulator, env, ports },
    functions: composeFunctions(env, configuration.name),
    accept: (lane: number, nth: number) => patiently(() => accept(ports, lane, nth)),
    async close(): Promise<void> {
      await simulator.close();
      await endpoint.close();
      time.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export type LanesWorld = Awaited<ReturnType<typeof openLanesWorld>>;

const TRIES = 5;

/** As webhooks are sent: again after a failure, which a machine with too much to do may cause. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

/** Enters a change of one group into the ledger, and sends nothing: as ingest when it dies after the ledger's answer. */
async function accept(ports: AcceptPorts, lane: number, nth: number): Promise<ChangeRecord> {
  const tenant = tenantOf(lane);
  const configured = ports.configuration.tenants[tenant];
  if (configured === undefined) throw new Error(`${tenant} is configured`);
  const idempotencyKey = `L-${lane}-${nth}`;
  const change = changeSchema.parse({
    ...{ schemaVersion: 1, idempotencyKey, tenant, action: 'update', group: { id: groupId(lane, nth) } },
    set: { description: idempotencyKey },
  });
  const ref = { lane: laneName(configured), source: SOURCE, tenant, idempotencyKey };
  const ticket = { system: 'zpa-changes CLI', id: idempotencyKey, approvals: [] };
  const { records } = await acceptInOrder(ports, [{ ref, change, ticket, fingerprint: fingerprint(change), grant: 0 }]);
  const [record] = records;
  if (record === undefined) throw new Error(`${idempotencyKey} is accepted`);
  return record;
}
