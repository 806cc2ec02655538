import { refKey } from '../../shared/domain/lane/change-ref.ts';
import { TIMING } from '../../shared/domain/ledger/timing.ts';
import type { LaneRecord } from '../../shared/domain/records/lane-record.ts';
import { type Answer, type Call, value } from './call.ts';
import { FAULTS } from './errors.ts';
import { changeWritten, desiredWritten, takesEffect } from './laws.ts';
import { performLedger } from './ledger-calls.ts';
import { performQueue } from './queue-calls.ts';
import type { Lasting, Scenario } from './scenario.ts';
import { generationKey, once, type Process, type World } from './world.ts';
import { deedsOf, describeWrite, readZpa, takeEffect } from './zpa-calls.ts';

/** One possible course of a pending call: the world afterwards, and the answer to the process. */
export type StepOption = { label: string; go: () => { world: World; answer: Answer } };

type WriteCall = Extract<Call, { to: 'zpa.write' }>;

/** All ways of a process's pending call; none while it sleeps. The first is the ordinary one. */
export function stepOptions(scenario: Scenario, world: World, process: Process): StepOption[] {
  const { pending, issuedAt, spec } = process.node;
  const over = world.now >= spec.abortAt;
  if (pending.to === 'process.end') return [];
  if (pending.to === 'clock.sleep') {
    if (over && pending.breakable) return [option(world, '', { kind: 'aborted' })];
    return world.now >= issuedAt + pending.ms ? [option(world, '', value(undefined))] : [];
  }
  const { lasting } = scenario;
  if (!over && lasting?.fails(pending)) return [failingForEver(world, process, pending, lasting)];
  if (pending.to === 'zpa.write') return optionsOfWrite(world, process, pending, over);
  const ordinary: StepOption = { label: '', go: () => perform(scenario, world, process, pending) };
  if (pending.to.startsWith('zpa.')) {
    if (over) return [option(world, ' ⇒ aborted', { kind: 'fault', fault: FAULTS.aborted })];
    const without = { ...world, left: once(world.left, 'readFaults') };
    const failing = (['unreachable', 'refused'] as const).map((name) =>
      option(without, ` ⇒ ${name}`, { kind: 'fault', fault: FAULTS[name] }),
    );
    return world.left.readFaults > 0 ? [ordinary, ...failing] : [ordinary];
  }
  return world.left.awsFaults > 0 ? [ordinary, ...optionsOfFailing(scenario, world, process, pending)] : [ordinary];
}

function failingForEver(world: World, process: Process, call: Call, { fault, withEffect }: Lasting): StepOption {
  const answer: Answer = { kind: 'fault', fault: FAULTS[fault] };
  if (call.to !== 'zpa.write' || withEffect !== true) return option(world, ` ⇒ ${fault}`, answer);
  const go = () => ({ world: effected(world, call, effectOf(process, call)).world, answer });
  return { label: ` ⇒ ${fault}, effect`, go };
}

const option = (world: World, label: string, answer: Answer): StepOption => ({ label, go: () => ({ world, answer }) });

function optionsOfFailing(scenario: Scenario, world: World, process: Process, call: Call): StepOption[] {
  const without = { ...world, left: once(world.left, 'awsFaults') };
  const answer: Answer = { kind: 'unavailable' };
  const before = option(without, ' ⇒ gives up', answer);
  const isRead = /\.(read|open|list|failed|last)/.test(call.to);
  const after: StepOption = {
    label: ' ⇒ gives up after its effect',
    go: () => ({ world: perform(scenario, without, process, call).world, answer }),
  };
  return isRead ? [before] : [before, after];
}

/** The ordinary course of a call, changed by the scenario's mutation, under the laws. */
function perform(scenario: Scenario, world: World, process: Process, asked: Call): { world: World; answer: Answer } {
  const { bend, tint } = scenario.mutation ?? {};
  const call = bend?.(asked, world) ?? asked;
  const done = route(world, call);
  if (call.to === 'ledger.writeChange') {
    const key = refKey(call.record.ref);
    const [before, after] = [world.changes[key], done.world.changes[key]];
    if (after !== undefined && after !== before) changeWritten(done.world, before, after);
  }
  if (call.to === 'ledger.writeDesired') desiredWritten(done.world, call.record);
  const answer = tint?.(asked, done.answer, world, process.name) ?? done.answer;
  return { world: done.world, answer: asked.to === 'ledger.readLane' ? laneAsSeen(answer, world, process) : answer };
}

/** A worker that finds the lane held goes away, independent of the rest of the record: all such readings are one. */
function laneAsSeen(answer: Answer, { now }: World, { node }: Process): Answer {
  if (answer.kind !== 'value') return answer;
  const { lease } = answer.value as LaneRecord;
  if (lease === undefined || lease.until <= now + node.spec.skewMs) return answer;
  return { kind: 'held', lease: { owner: 'another', until: lease.until } };
}

function route(world: World, call: Call): { world: World; answer: Answer } {
  if (call.to.startsWith('ledger.')) return performLedger(world, call as Parameters<typeof performLedger>[1]);
  if (call.to.startsWith('zpa.')) return { world, answer: readZpa(world, call as Parameters<typeof readZpa>[1]) };
  return performQueue(world, call as Parameters<typeof performQueue>[1]);
}

/**
 * A write was looked at by the clock when it was made. Its request may leave later, but the exchange ends with the
 * request timeout; what was sent without an answer may act until the quiet period after that is over.
 */
function optionsOfWrite(world: World, process: Process, call: WriteCall, over: boolean): StepOption[] {
  const { issuedAt } = process.node;
  const timedOut = world.now > issuedAt + TIMING.requestTimeoutMs;
  const without = { ...world, left: once(world.left, 'faults') };
  const fault = over ? FAULTS.aborted : FAULTS.unanswered;
  const unanswered: Answer = { kind: 'fault', fault };
  const nothing = option(timedOut || over ? world : without, ` ⇒ ${fault.code}, no effect`, unanswered);
  if (timedOut) return [nothing];
  const effect = effectOf(process, call);
  const until = issuedAt + TIMING.requestTimeoutMs + TIMING.quietPeriodMs;
  const base = over ? world : without;
  const silent: StepOption[] = [
    nothing,
    {
      label: ` ⇒ ${fault.code}, effect`,
      go: () => ({ world: effected(base, call, effect).world, answer: unanswered }),
    },
    option(
      { ...base, underWay: [...base.underWay, { ...effect, write: call.write, until }] },
      ` ⇒ ${fault.code}, effect to come`,
      unanswered,
    ),
  ];
  if (over) return silent;
  const answered: StepOption = { label: ' ⇒ done', go: () => effected(world, call, effect) };
  if (world.left.faults === 0) return [answered];
  return [answered, option(without, ' ⇒ refused', { kind: 'fault', fault: FAULTS.refused }), ...silent];
}

function effectOf(process: Process, call: WriteCall) {
  const members = process.intent?.members.filter(({ ending }) => ending.kind === 'applied') ?? [];
  return {
    writeId: process.intent?.writeId ?? 'none',
    members: members.map(({ ref, generation }) => generationKey(refKey(ref), generation)),
    what: describeWrite(call.write),
    did: deedsOf(call.write),
  };
}

function effected(world: World, call: WriteCall, effect: ReturnType<typeof effectOf>) {
  const done = takeEffect(world, call.write, effect);
  if (done === undefined) return { world, answer: { kind: 'fault', fault: FAULTS.missing } as const };
  takesEffect(world, effect);
  return { world: done.world, answer: value({ groupId: done.groupId }) };
}
