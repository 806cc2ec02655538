import { applyBatch } from '../../../functions/apply/apply-batch.ts';
import type { ApplyPorts } from '../../../functions/apply/lane/ports.ts';
import { changeSchema } from '../../../shared/domain/change/change.ts';
import { fingerprint } from '../../../shared/domain/change/fingerprint.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { microtenantIdOf } from '../../../shared/domain/decide/permit.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { messageFor } from '../../../shared/domain/ledger/message.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { rememberLanes } from '../../../shared/ledger/remember-lanes.ts';
import type { KnownLanes } from '../../../shared/ports/known-lanes.ts';
import type { QueueRecord } from '../../../shared/ports/ports.ts';
import { createRuleReadings } from '../../../shared/reading/read-rules.ts';
import { createFakeChance } from '../../fakes/fake-chance.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { createMemoryKnownLanes } from '../../fakes/memory-known-lanes.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import {
  createMemoryAcknowledgement,
  createMemoryDeferral,
  createMemoryFailureQueue,
  createMemoryQueue,
  createMemoryTopic,
} from '../../fakes/memory-queues.ts';
import { createMemoryTenant } from '../../fakes/memory-zpa.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';

/** One lane and its worker on in-memory ports, in virtual time. */
const CUSTOMER = '72057594037927936';
export const LANE = `PRODUCTION:${CUSTOMER}`;
export const GROUP = '72057594037930001';

/** Policy rules are read only where a test needs them: other tests prove reach. */
const configured = (tenant: Record<string, unknown>) =>
  configurationSchema.parse({
    name: 'unit',
    tenants: { acme: { customerId: CUSTOMER, vanity: 'acme', reach: 'deletes', ...tenant } },
    sources: {
      desk: {
        system: 'Desk',
        grants: [
          {
            tenants: ['acme'],
            actions: ['create', 'update', 'delete', 'accept'],
            groups: ['*'],
            applications: ['*'],
            flags: ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'],
          },
        ],
      },
    },
  });

/** `tenantConfiguration`: settings beyond the required ones. */
export function createLaneWorld(tenantConfiguration: Record<string, unknown> = {}) {
  const configuration = configured(tenantConfiguration);
  const clock = createFakeClock();
  const ledger = createMemoryLedger();
  const tenant = createMemoryTenant(clock);
  const deferral = createMemoryDeferral();
  const acknowledgement = createMemoryAcknowledgement();
  const queue = createMemoryQueue();
  const failures = createMemoryFailureQueue();
  const outcomes = createMemoryTopic();
  const log = createRecordingLog();
  const meter = createRecordingMeter();
  const ports: ApplyPorts & { knownLanes: KnownLanes } = {
    ledger,
    knownLanes: createMemoryKnownLanes(),
    zpaFor: (_tenant, limiter) => tenant.client(limiter),
    ruleReadings: createRuleReadings(clock, TIMING.rulesKeptMs),
    queue,
    deferral,
    acknowledgement,
    failures,
    outcomes,
    clock,
    chance: createFakeChance(),
    log,
    meter,
    configuration,
    timing: TIMING,
  };

  async function accept(
    key: string,
    change: Record<string, unknown>,
    at = clock.now(),
    source = 'desk',
  ): Promise<ChangeRecord> {
    const parsed = changeSchema.parse({ schemaVersion: 1, idempotencyKey: key, tenant: 'acme', ...change });
    const microtenantId = microtenantIdOf(ports.configuration, parsed);
    const record: ChangeRecord = {
      version: 0,
      ref: { lane: LANE, source, tenant: parsed.tenant, idempotencyKey: key },
      ...(microtenantId !== undefined && { microtenantId }),
      change: parsed,
      fingerprint: fingerprint(parsed),
      ticket: { system: 'Desk', id: key, approvals: [] },
      correlationId: `c-${key}`,
      sequence: await ledger.takeSequences(LANE, 1),
      state: 'queued',
      generation: 1,
      acceptedAt: at,
      sentAt: at,
      attempts: 0,
      pending: [],
      history: [],
      failed: false,
    };
    await rememberLanes(ports, [record.ref]);
    await ledger.writeChange(record, 0);
    known.push(record.ref);
    return { ...record, version: 1 };
  }
  const known: ChangeRecord['ref'][] = [];

  /** Accepts these as T-1, T-2, … */
  async function acceptAll(...changes: Record<string, unknown>[]): Promise<ChangeRecord[]> {
    const records: ChangeRecord[] = [];
    for (const change of changes) records.push(await accept(`T-${known.length + 1}`, change));
    return records;
  }

  const read = async (key: string, tenantName = 'acme') => {
    const record = await ledger.readChange({ lane: LANE, source: 'desk', tenant: tenantName, idempotencyKey: key });
    if (record === undefined) throw new Error(`${key} is not in the ledger`);
    return record;
  };
  const outcome = async (key = 'T-1') => (await read(key)).outcome;
  /** The code of each rejection and the kind of every other outcome, of these or of all changes. */
  const endings = (...keys: string[]): Promise<string[]> =>
    Promise.all(
      (keys.length > 0 ? keys.map((key) => ({ idempotencyKey: key, tenant: 'acme' })) : known).map(async (ref) => {
        const { outcome: ending } = await read(ref.idempotencyKey, ref.tenant);
        return ending?.kind === 'rejected' ? ending.code : (ending?.kind ?? 'open');
      }),
    );
  const lane = () => ledger.readLane(LANE);
  const setLane = async (over: Partial<LaneRecord>) => {
    const now = await lane();
    return ledger.writeLane({ ...now, ...over }, now.version);
  };

  /** Runs one invocation with the messages of these changes; returns the message ids to be retried. No sleep outlasts it. */
  async function invoke(
    records: readonly ChangeRecord[],
    using: ApplyPorts = ports,
    lastsMs: number = TIMING.functionTimeoutMs,
  ): Promise<string[]> {
    const endsAt = clock.now() + lastsMs;
    const over = new AbortController();
    const invocation = { remainingMs: () => endsAt - clock.now(), signal: over.signal };
    async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
      const leftMs = endsAt - clock.now();
      await using.clock.sleep(Math.min(ms, leftMs), signal);
      if (ms <= leftMs) return;
      over.abort(new Error('time is up'));
      over.signal.throwIfAborted();
    }
    return applyBatch({ ...using, clock: { ...using.clock, sleep } }, records.map(toQueueRecord), invocation);
  }
  /** Runs one invocation, in which time stands still, with these messages. */
  const work = (...records: QueueRecord[]) =>
    applyBatch(ports, records, { remainingMs: () => TIMING.functionTimeoutMs, signal: new AbortController().signal });

  /** The AWS console moves the failure of the change back to the queue, and the worker acknowledges it. */
  async function moveBack({ ref }: ChangeRecord): Promise<void> {
    const failure = failures.sent.find((one) => one.ref?.idempotencyKey === ref.idempotencyKey);
    const body = JSON.stringify(failure);
    const retried = await work({ messageId: 'moved', receiptHandle: 'moved', body, receiveCount: 1 });
    if (retried.length > 0) throw new Error('the failure that was moved back is on the queue still');
  }

  /**
   * Runs at most `rounds` invocations until no message is retried, as SQS would: each deferral passes before the next.
   */
  async function settle(records: readonly ChangeRecord[], rounds = 40): Promise<void> {
    let left = records;
    for (let round = 0; round < rounds && left.length > 0; round += 1) {
      const retried = await invoke(left);
      left = left.filter((record) => retried.includes(messageIdOf(record)));
      const waited = deferral.deferred.at(-1);
      if (left.length > 0) await clock.advance(waited?.delayMs ?? TIMING.visibilityTimeoutMs);
    }
    if (left.length > 0)
      throw new Error(`not settled after ${rounds} invocations: ${left.map(messageIdOf).join(', ')}`);
  }

  /** Accepts and settles these; answers how the first of them ended. */
  async function play(...changes: Record<string, unknown>[]) {
    const records = await acceptAll(...changes);
    await settle(records);
    return outcome(records[0]?.ref.idempotencyKey);
  }

  function addGroup(of: Partial<SegmentGroup> = {}): SegmentGroup {
    const group: SegmentGroup = { ...A_GROUP, ...of };
    tenant.groups.set(group.id, group);
    return group;
  }
  const addApplications = (...ids: string[]) => {
    for (const id of ids) tenant.applications.set(id, { id, name: `app-${id}` });
  };

  return {
    ...{ ports, clock, ledger, tenant, queue, deferral, acknowledgement, failures, outcomes, log, meter },
    ...{ accept, acceptAll, read, invoke, work, settle, play, moveBack, addGroup, addApplications },
    ...{ outcome, endings, lane, setLane },
    group: (id = GROUP) => tenant.groups.get(id),
    /** The groups that were written, in order; a create by its kind. */
    written: () => tenant.writes.map((write) => (write.kind === 'create' ? write.kind : write.groupId)),
  };
}

export type LaneWorld = ReturnType<typeof createLaneWorld>;

/** A lane world with these groups (`{}` is the group of the lane) and applications. */
export function laneWith(
  groups: readonly Partial<SegmentGroup>[] = [{}],
  applications: readonly string[] = [],
  tenantConfiguration: Record<string, unknown> = {},
): LaneWorld {
  const world = createLaneWorld(tenantConfiguration);
  for (const group of groups) world.addGroup(group);
  world.addApplications(...applications);
  return world;
}

export const messageIdOf = (record: ChangeRecord) => `m-${record.ref.idempotencyKey}-${record.generation}`;

export function toQueueRecord(record: ChangeRecord): QueueRecord {
  const messageId = messageIdOf(record);
  return {
    messageId,
    receiptHandle: `r-${messageId}`,
    body: JSON.stringify(messageFor(record, 'accept')),
    receiveCount: 1,
  };
}

const A_GROUP: SegmentGroup = {
  id: GROUP,
  name: 'Warehouse',
  description: '',
  enabled: false,
  configSpace: 'DEFAULT',
  microtenantId: '0',
  applicationIds: [],
  readOnly: false,
  modifiedBy: undefined,
  modifiedTime: undefined,
  creationTime: undefined,
};
