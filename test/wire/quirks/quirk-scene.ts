import { applyBatch } from '../../../functions/apply/apply-batch.ts';
import type { ApplyPorts } from '../../../functions/apply/lane/ports.ts';
import { localConfiguration } from '../../../local/world/configuration/local-configuration.ts';
import { WRITE_CLIENT } from '../../../local/world/configuration/seed.ts';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { fingerprint } from '../../../shared/domain/change/fingerprint.ts';
import { parseChange } from '../../../shared/domain/change/parse-change.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { type Lane, laneName } from '../../../shared/domain/lane/change-ref.ts';
import { messageFor } from '../../../shared/domain/ledger/message.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { ZpaWrite } from '../../../shared/domain/records/intent.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { createRuleReadings } from '../../../shared/reading/read-rules.ts';
import { createZpaPool } from '../../../shared/zpa/api/pool.ts';
import { createZpa } from '../../../shared/zpa/client.ts';
import { createFakeChance } from '../../fakes/fake-chance.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import {
  createMemoryAcknowledgement,
  createMemoryDeferral,
  createMemoryFailureQueue,
  createMemoryQueue,
  createMemoryTopic,
} from '../../fakes/memory-queues.ts';
import { createMemorySeenLists } from '../../fakes/memory-seen-lists.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { contentOf } from '../../unit/histories/own-model.ts';
import { simulatorSeed, toGroup } from '../../unit/histories/simulator-seed.ts';
import { firstGroups, GROUP_IDS } from '../../unit/histories/small-tenant.ts';
import type { Row } from './pairwise.ts';

/** The worker and the real ZPA client against a simulator with quirks; the ledger is in memory, time is virtual. */

const TENANT = 'acme-prod';
const SOURCE = 'ops';
export const RULED = GROUP_IDS[5];
const HOMES = [0, 0, 1, 2, 3, 9, 9, 9];
const [first, ...others] = firstGroups(GROUP_IDS.length, HOMES);
if (first === undefined) throw new Error('there are groups at first');
const YEW: SegmentGroup = { ...first, id: '72057594037930008', name: 'Yew', applicationIds: [], readOnly: true };
const FIRST_GROUPS: readonly SegmentGroup[] = [first, ...others, YEW];

/** One write as the worker requested it, and whether people see a difference. */
export type Sent = { via: string; writeId: string; cursor: number; groupId: string; effective: boolean };

/** A tenant without v2, or whose v2 ignores deltas, is set to v1. */
const membershipOf = (row: Row) => (row['v2-put'] === 'not-found' || row['v2-delta'] === 'ignored' ? 'v1' : 'v2');

export async function startQuirkScene({ auth = 'oneapi', ...quirks }: Row) {
  const clock = createFakeClock();
  const simulator = await startSimulator({
    quirks,
    now: clock.now,
    limits: 'documented',
    seed: simulatorSeed(FIRST_GROUPS, RULED),
  });
  const plain = localConfiguration(simulator.url);
  const tenant = { ...plain.tenants[TENANT], auth, membership: membershipOf(quirks) };
  const configuration = configurationSchema.parse({
    ...plain,
    tenants: { [TENANT]: tenant },
    sources: withAllFlags(plain.sources),
  });
  const configured = configuration.tenants[TENANT];
  if (configured === undefined) throw new Error('the tenant is configured');
  const lane = laneName(configured);
  const ledger = createMemoryLedger();
  const deferral = createMemoryDeferral();
  const pool = createZpaPool({ clock });
  const sent: Sent[] = [];
  const readSecret = async () => JSON.stringify(WRITE_CLIENT);
  const state = () => new Map(simulator.store.groups().map((group) => [group.id, stored(simulator, group)]));
  const hand = { meanwhile: (_write: ZpaWrite): void => undefined };
  const watch: Watch = {
    about: async () => {
      const { intent } = await ledger.readLane(lane);
      return { writeId: intent?.writeId ?? 'none', cursor: intent?.cursor ?? -1 };
    },
    content: () => contentOf(state()),
    meanwhile: (write) => hand.meanwhile(write),
    sent,
  };
  const seenLists = createMemorySeenLists();
  const ports: ApplyPorts = {
    ...{ ledger, deferral, clock, configuration, timing: TIMING, chance: createFakeChance() },
    ...{ log: createRecordingLog(), meter: createRecordingMeter(), queue: createMemoryQueue() },
    ...{ failures: createMemoryFailureQueue(), outcomes: createMemoryTopic() },
    acknowledgement: createMemoryAcknowledgement(),
    ruleReadings: createRuleReadings(clock, TIMING.rulesKeptMs),
    zpaFor: (_name, limiter) =>
      watched(
        createZpa({ tenant: configured, readSecret, limiter, clock, seenLists, pool, requestTimeoutMs: 10_000 }),
        watch,
      ),
  };
  return {
    ...{ simulator, sent, tenant: configured },
    stopped: async () => (await ledger.readLane(lane)).stopped,
    accept: (key: string, asked: object) => accept(ports, lane, key, asked),
    settle: (records: readonly ChangeRecord[]) => settle(ports, deferral, clock, records),
    state,
    /** Edits that a colleague makes between each read and write from now on. */
    hand,
    async close() {
      await pool.close();
      await simulator.close();
    },
  };
}

export type QuirkScene = Awaited<ReturnType<typeof startQuirkScene>>;

function withAllFlags(sources: Record<string, { grants: object[] }>) {
  const flags = ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'];
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [
      name,
      { ...source, grants: source.grants.map((grant) => ({ ...grant, tenants: [TENANT], flags })) },
    ]),
  );
}

function stored(simulator: Simulator, group: ReturnType<Simulator['store']['groups']>[number]): SegmentGroup {
  return toGroup({ ...YEW, readOnly: group.id === YEW.id }, group, simulator.store.members(group.id));
}

type Watch = {
  about(): Promise<Pick<Sent, 'writeId' | 'cursor'>>;
  content(): string;
  /** A colleague at the console, between the worker's read and its write. */
  meanwhile(write: ZpaWrite): void;
  sent: Sent[];
};

function watched(zpa: Zpa, { about, content, meanwhile, sent }: Watch): Zpa {
  return {
    ...zpa,
    async write(write, before, options) {
      meanwhile(write);
      const known = { ...(await about()), via: write.kind === 'update' ? write.via : write.kind };
      const was = content();
      try {
        return await zpa.write(write, before, options);
      } finally {
        const groupId = write.kind === 'create' ? 'new' : write.groupId;
        sent.push({ ...known, groupId, effective: content() !== was });
      }
    },
  };
}

async function accept({ ledger, clock }: ApplyPorts, lane: Lane, key: string, asked: object): Promise<ChangeRecord> {
  const parsed = parseChange({ schemaVersion: 1, idempotencyKey: key, tenant: TENANT, ...asked });
  if (!parsed.ok) throw new Error(`${key} is no change: ${JSON.stringify(parsed.faults)}`);
  const now = clock.now();
  const record: ChangeRecord = {
    ...{ version: 0, change: parsed.change, fingerprint: fingerprint(parsed.change), correlationId: key },
    ref: { lane, source: SOURCE, tenant: TENANT, idempotencyKey: key },
    ticket: { system: 'Desk', id: key, approvals: [] },
    sequence: await ledger.takeSequences(lane, 1),
    ...{
      state: 'queued',
      generation: 1,
      acceptedAt: now,
      sentAt: now,
      attempts: 0,
      pending: [],
      history: [],
      failed: false,
    },
  };
  await ledger.writeChange(record, 0);
  return { ...record, version: 1 };
}

const ROUNDS = 60;

/** Invocations until nothing is retried; a deferral passes before the next. Answers the records as they then stand. */
async function settle(
  ports: ApplyPorts,
  deferral: ReturnType<typeof createMemoryDeferral>,
  clock: ReturnType<typeof createFakeClock>,
  records: readonly ChangeRecord[],
): Promise<(ChangeRecord | undefined)[]> {
  let left = records.map((record) => ({
    messageId: record.ref.idempotencyKey,
    receiptHandle: record.ref.idempotencyKey,
    body: JSON.stringify(messageFor(record, 'accept')),
    receiveCount: 1,
  }));
  for (let round = 0; round < ROUNDS && left.length > 0; round += 1) {
    const endsAt = clock.now() + TIMING.functionTimeoutMs;
    const invocation = { remainingMs: () => endsAt - clock.now(), signal: new AbortController().signal };
    const retried = await applyBatch(ports, left, invocation);
    left = left.filter(({ messageId }) => retried.includes(messageId));
    if (left.length > 0) await clock.advance(Math.max(1000, deferral.deferred.at(-1)?.delayMs ?? 0));
  }
  return await Promise.all(records.map(({ ref }) => ports.ledger.readChange(ref)));
}
