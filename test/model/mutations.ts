import { refKey } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { LaneRecord } from '../../shared/domain/records/lane-record.ts';
import { type Answer, type Call, value } from './call.ts';
import { LASTING, SETS } from './lasting-scenarios.ts';
import { ingestProgram, redriveProgram } from './programs.ts';
import type { Mutation, Scenario } from './scenario.ts';
import { accepting, adding, aGroup, recordOf, rename } from './tenant.ts';
import type { Law } from './violation.ts';
import type { World } from './world.ts';

/** Each condition of the protocol taken away, a scenario in which that matters, and the law that is broken then. */
export type Removed = { scenario: Scenario; breaks: readonly Law[] };

const one = [recordOf('A', 1, rename('One'))];
const two = [...one, recordOf('B', 2, rename('Two'))];

const onLaneWrite =
  (
    patch: (
      record: LaneRecord,
      world: World,
    ) => { [Field in keyof LaneRecord]?: LaneRecord[Field] | undefined } & { expected?: number },
  ) =>
  (call: Call, world: World): Call => {
    if (call.to !== 'ledger.writeLane') return call;
    const { expected = call.expected, ...rest } = patch(call.record, world);
    const entries = Object.entries({ ...call.record, ...rest }).filter(([, field]) => field !== undefined);
    return { ...call, record: Object.fromEntries(entries) as LaneRecord, expected };
  };

const onChangeWrite =
  (patch: (record: ChangeRecord, world: World) => Partial<ChangeRecord> & { expected?: number }) =>
  (call: Call, world: World): Call => {
    if (call.to !== 'ledger.writeChange') return call;
    const { expected = call.expected, ...rest } = patch(call.record, world);
    return { ...call, record: { ...call.record, ...rest }, expected };
  };

function removed(mutation: Mutation, scenario: Omit<Scenario, 'name' | 'mutation'>, ...breaks: Law[]): Removed {
  return { scenario: { name: mutation.name, ...scenario, mutation }, breaks };
}

/** An answer to `readLane` as if no worker held the lane. */
function withoutLease(call: Call, answer: Answer): Answer {
  if (call.to !== 'ledger.readLane' || answer.kind !== 'value') return answer;
  const { lease: _lease, ...lane } = answer.value as LaneRecord;
  return value(lane);
}

/** A possible answer of a query that is not consistent: all as it was at the beginning, although some is settled. */
function firstChanges(call: Call, answer: Answer, world: World): Answer {
  if (call.to !== 'ledger.openChanges' || Object.values(world.changes).every((one) => one.state !== 'settled'))
    return answer;
  return value(two);
}

/** The topic that forgets. */
const unpublished = (call: Call): Call => (call.to === 'outcomes.publish' ? { to: 'ledger.lastSequence' } : call);

/** As a redrive would see a change that did not ask for exactly its generation. */
function anyGeneration(call: Call, answer: Answer, _world: World, who: string): Answer {
  if (call.to !== 'ledger.readChange' || who !== 'colleague' || answer.kind !== 'value') return answer;
  return value({ ...(answer.value as ChangeRecord), generation: 1 });
}

/** A possible answer of a query that is not consistent. */
const noneRejected = (call: Call, answer: Answer): Answer =>
  call.to === 'ledger.rejectedMembers' ? value([]) : answer;

const isFailed = ({ changes }: World): boolean => Object.values(changes).some((record) => record.failed);

const LANE: readonly Removed[] = [
  removed(
    {
      name: 'the lane is written whatever its version',
      bend: onLaneWrite((_, { lane }) => ({ expected: lane?.version ?? 0 })),
    },
    { changes: one, limits: { duplicates: 1 } },
    'double effect',
    'effect outside its intent',
    'outcome not true',
  ),
  removed(
    { name: 'a held lease is not seen', tint: withoutLease },
    { changes: one, limits: { duplicates: 1, faults: 1 } },
    'outcome not true',
    'effect after the outcome',
  ),
  removed(
    { name: 'the fence does not grow', bend: onLaneWrite(() => ({ fence: 1 })) },
    { changes: two, singles: true, outlives: true, limits: { pauses: 1, crashes: 0 } },
    'double effect',
    'effect outside its intent',
    'outcome not true',
  ),
  removed(
    { name: 'the intent is not stored', bend: onLaneWrite(() => ({ intent: undefined })) },
    { changes: one, limits: { crashes: 1 } },
    'effect outside its intent',
  ),
  removed(
    { name: 'the lane forgets what lies aside', bend: onLaneWrite(() => ({ answered: undefined })) },
    {
      changes: [...one, recordOf('B', 2, { action: 'update', group: { id: '200' }, set: { name: 'Two' } })],
      groups: [aGroup(), aGroup({ id: '200', name: 'Second' })],
      limits: { crashes: 1 },
    },
    'double effect',
    'outcome not true',
  ),
  removed(
    { name: 'the lane forgets how far it came', bend: onLaneWrite(() => ({ through: 0, working: undefined })) },
    {
      changes: [],
      workers: 1,
      starters: [
        { name: 'ingest-1', program: ingestProgram({ A: rename('One') }) },
        { name: 'ingest-2', program: ingestProgram({ B: rename('Two') }) },
      ],
    },
    'order broken',
  ),
];

const CHANGES: readonly Removed[] = [
  removed(
    {
      name: 'a change is written whatever its version',
      bend: onChangeWrite(({ ref }, { changes }) => ({ expected: changes[refKey(ref)]?.version ?? 0 })),
    },
    { changes: [], workers: 1, starters: [{ name: 'ingest', program: ingestProgram({ A: rename('One') }) }] },
    'outcome changed',
  ),
  removed(
    { name: 'a settled change owes nothing', bend: onChangeWrite(() => ({ pending: [] })) },
    { changes: one },
    'outbox empty-handed',
  ),
  removed({ name: 'an outcome is not published', bend: unpublished }, { changes: one }, 'outbox empty-handed'),
  removed(
    { name: 'the open changes are read without consistency', tint: firstChanges },
    { changes: two },
    'lane stuck',
  ),
  removed(
    { name: 'a redrive takes whatever generation there is', tint: anyGeneration },
    {
      changes: [recordOf('A', 1, adding('404'), { state: 'queued' })],
      workers: 1,
      starters: [
        { name: 'operator', program: redriveProgram('A', 1), when: isFailed },
        { name: 'colleague', program: redriveProgram('A', 1), when: isFailed },
      ],
    },
    'generation skipped',
  ),
];

const TIME: readonly Removed[] = [
  removed(
    { name: 'the platform does not end a worker before its lease ends' },
    { changes: one, outlives: true, limits: { pauses: 1, duplicates: 1, faults: 1 } },
    'outcome not true',
  ),
  removed(
    { name: 'no quiet period', timing: { quietPeriodMs: 0, requestTimeoutMs: 0, sendWithinMs: 1 } },
    { changes: one, limits: { faults: 1 } },
    'effect outside its intent',
    'double effect',
  ),
  removed(
    { name: 'a clock far ahead', skewMs: { 'worker-2': 600_000 } },
    { changes: one, limits: { faults: 1, duplicates: 1 } },
    'effect outside its intent',
    'double effect',
    'effect after the outcome',
  ),
  removed(
    { name: 'a stored intent is sent whenever', ignoresSendBefore: true },
    { changes: one, limits: { faults: 1, pauses: 1, duplicates: 1 } },
    'effect outside its intent',
    'effect after the outcome',
  ),
];

/** The approval of an accept is stored for another group. */
const elsewhere = (call: Call): Call =>
  call.to === 'ledger.writeDesired' ? { ...call, record: { ...call.record, groupId: '200' } } : call;

const OTHERS: readonly Removed[] = [
  removed(
    { name: 'an accept approves another group', bend: elsewhere },
    { changes: [recordOf('A', 1, accepting({ name: 'Warehouse' }))] },
    'approved for another group',
  ),
  ...LASTING.slice(0, 1).map(({ name: _name, ...scenario }) =>
    removed({ name: 'a change is tried for ever', timing: { unknownTries: 1_000_000 } }, scenario, 'lane stuck'),
  ),
  ...SETS.slice(0, 1).map(({ name: _name, ...scenario }) =>
    removed({ name: 'the rejected members of a set are forgotten', tint: noneRejected }, scenario, 'set order broken'),
  ),
];

export const MUTATIONS: readonly Removed[] = [...LANE, ...CHANGES, ...TIME, ...OTHERS];
