import type { PolicyRule } from '../../../shared/domain/group/policy-rule.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { createFakeChance } from '../../fakes/fake-chance.ts';
import { createFakeClock, TEST_START } from '../../fakes/fake-clock.ts';
import { createMemoryKnownLanes } from '../../fakes/memory-known-lanes.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemoryFailureQueue, createMemoryTopic } from '../../fakes/memory-queues.ts';
import { createMemorySharedReads } from '../../fakes/memory-shared-reads.ts';
import { createMemoryTenant } from '../../fakes/memory-zpa.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { boundHistory } from './bounds.ts';
import { createChangesQueue } from './changes-queue.ts';
import { createChronicle } from './chronicle.ts';
import { configurationsOf } from './configuration-edits.ts';
import type { History } from './history.ts';
import { createLasting } from './lasting-fault.ts';
import { dealMishaps } from './life.ts';
import { createNeighbour } from './neighbour.ts';
import { recordedLedger } from './recorded-ledger.ts';
import { createReplicas } from './replicas.ts';
import type { Sabotage } from './sabotages.ts';
import { APPLICATION_IDS, applicationName, firstGroups, GROUP_IDS, LANE } from './small-tenant.ts';

/** The stage of a history: the tenant, the ledger, the queues and the faults, all in virtual time. */
export function createScene(history: History, sabotage: Sabotage = {}) {
  const bounded = boundHistory(createFakeClock(), sabotage.bounds);
  const { clock } = bounded;
  const chronicle = createChronicle();
  const chance = createFakeChance(history.seed);
  const weather = createFakeChance(history.seed + 1);
  const tenant = createMemoryTenant(clock);
  for (const group of firstGroups(history.groups, history.homes)) tenant.groups.set(group.id, group);
  const ruled = GROUP_IDS[history.ruled];
  if (ruled !== undefined) tenant.policyRules.push(ruleNaming(ruled));
  for (const id of APPLICATION_IDS) tenant.applications.set(id, { id, name: applicationName(id) });
  const random = createFakeChance(history.seed + 2).random;
  const replicas = createReplicas({ history, tenant, chronicle, clock, random, start: TEST_START });
  replicas.keep();
  const recorded = recordedLedger(createMemoryLedger(), chronicle, bounded);
  let lastId = 72057594037940000n;
  const counts = { read: 0, write: 0 };
  let configurationAt = configurationsOf(history, history.deaf && !history.misset ? 'v1' : 'v2');
  const bell = createChangesQueue(clock);
  const lasting = createLasting(history);

  return {
    ...{ history, bounded, clock, chronicle, chance, tenant, replicas, lane: LANE },
    sabotage,
    /** In force at an instant. */
    configurationAt: (now: number) => configurationAt(now),
    /** An operator corrects the setting of a tenant whose v2 ignores memberships. */
    setMembershipToV1() {
      configurationAt = configurationsOf(history, 'v1');
    },
    knownLanes: createMemoryKnownLanes(),
    /** As the processes see it, and as it is. */
    ledger: sabotage.ledger?.(recorded) ?? recorded,
    truth: recorded,
    timing: { ...TIMING, ...sabotage.timing },
    bell,
    neighbour: createNeighbour({ bounded, history, ledger: recorded, bell }),
    failures: createMemoryFailureQueue(),
    outcomes: createMemoryTopic(),
    sharedReads: createMemorySharedReads(),
    log: createRecordingLog(),
    meter: createRecordingMeter(),
    mishaps: dealMishaps(history.mishaps),
    lasts(...call: Parameters<ReturnType<typeof createLasting>>) {
      const lasts = lasting(...call);
      if (lasts) chronicle.lastingHits += 1;
      return lasts;
    },
    /** 1 to 20 ms. */
    latencyMs: () => 1 + Math.floor(weather.random() * 20),
    nextId() {
      lastId += 1n;
      return `${lastId}`;
    },
    nextFault(on: 'read' | 'write', at: number) {
      const nth = counts[on];
      counts[on] += 1;
      const fault = history.faults.find((one) => one.on === on && one.nth === nth);
      if (fault !== undefined) chronicle.faults.push({ kind: fault.kind, at, on });
      return fault;
    },
    outageAt(at: number) {
      const since = at - TEST_START;
      const outage = history.outages.find((one) => one.atMs <= since && since < one.atMs + one.forMs);
      if (outage !== undefined) chronicle.faults.push({ kind: 'outage', at, on: 'read' });
      return outage?.code;
    },
  };
}

export type Scene = ReturnType<typeof createScene>;

function ruleNaming(groupId: string): PolicyRule {
  const rule = { policyType: 'ACCESS_POLICY', ruleId: '1', ruleName: 'Staff', ruleOrder: '1', microtenantId: '0' };
  const names = { groupIds: [groupId], applicationIds: [], others: false, plain: true };
  const condition = { operator: 'OR' as const, negated: false, ...names };
  return { ...rule, action: 'ALLOW', disabled: false, operator: 'AND', conditions: [condition] };
}
