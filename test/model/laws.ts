import { refKey } from '../../shared/domain/lane/change-ref.ts';
import type { OutcomeNotice } from '../../shared/domain/ledger/message.ts';
import type { Outcome } from '../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../shared/domain/records/desired-group.ts';
import { isOpen } from './ledger-calls.ts';
import { type Law, Violation } from './violation.ts';
import { type Effect, generationKey, type World } from './world.ts';

function hold(holds: boolean, law: Law, says: () => string): void {
  if (!holds) throw new Violation(law, says());
}

/** At the moment a write takes effect: it is the lane's open intent, the only one under way, and the first of its kind. */
export function takesEffect(world: World, effect: Effect): void {
  const { intent } = world.lane ?? {};
  const beside = world.underWay.filter((one) => one.writeId !== effect.writeId);
  for (const member of effect.members) {
    // One intent may hold several writes, each of which takes effect once.
    const others = world.effects.filter((one) => one.writeId !== effect.writeId || one.what === effect.what);
    const earlier = others.find((one) => one.members.includes(member));
    hold(earlier === undefined, 'double effect', () => `${member} by "${earlier?.what}", now by "${effect.what}"`);
    const outcome = outcomeOf(world, member);
    hold(
      outcome === undefined,
      'effect after the outcome',
      () => `${member} is ${outcome?.kind}, now "${effect.what}"`,
    );
  }
  const says = () => `"${effect.what}" while the lane's intent is ${intent?.writeId ?? 'none'}`;
  hold(intent?.writeId === effect.writeId, 'effect outside its intent', says);
  hold(beside.length === 0, 'two writes at once', () => `"${effect.what}" beside "${beside[0]?.what}"`);
}

/** Of exactly this generation, whether it is the change's present one or an earlier one. */
function outcomeOf(world: World, member: string): Outcome | undefined {
  for (const [key, record] of Object.entries(world.changes)) {
    const found = outcomesOf(record).find((one) => generationKey(key, one.generation) === member);
    if (found !== undefined) return found;
  }
  return undefined;
}

const outcomesOf = (record: ChangeRecord): Outcome[] => [
  ...record.history,
  ...(record.outcome === undefined ? [] : [record.outcome]),
];

/** Whenever a change record was written. */
export function changeWritten(world: World, before: ChangeRecord | undefined, after: ChangeRecord): void {
  const key = refKey(after.ref);
  const [was, is] = [before === undefined ? [] : outcomesOf(before), outcomesOf(after)];
  for (const outcome of was) {
    const now = is.find((one) => one.generation === outcome.generation);
    const same = JSON.stringify(now) === JSON.stringify(outcome);
    hold(same, 'outcome changed', () => `${key}/${outcome.generation} was ${outcome.kind}, is ${now?.kind ?? 'open'}`);
  }
  const step = after.generation - (before?.generation ?? after.generation);
  const says = () => `${key}: ${before?.generation} to ${after.generation}`;
  const reopened = before?.state === 'settled' && after.state !== 'settled';
  hold(step === (reopened || after.history.length > (before?.history.length ?? 0) ? 1 : 0), 'generation skipped', says);
  for (const outcome of is.slice(was.length)) settledTruly(world, key, after, outcome);
  if (before !== undefined && before.pending.length > 0 && after.pending.length === 0) cleared(world, key, before);
}

/** Whenever a desired state was written: an accept approves its own group alone. */
export function desiredWritten(world: World, { groupId, last }: DesiredGroup): void {
  const change = Object.values(world.changes).find(({ ref }) => ref.idempotencyKey === last.key)?.change;
  const isOwn = change?.action !== 'accept' || change.group.id === groupId;
  hold(isOwn, 'approved for another group', () => `${last.key} approved something of group ${groupId}`);
}

function settledTruly(world: World, key: string, record: ChangeRecord, outcome: Outcome): void {
  const member = generationKey(key, outcome.generation);
  const effect = world.effects.find((one) => one.members.includes(member));
  hold(record.pending.length > 0, 'outbox empty-handed', () => `${member} is ${outcome.kind} and owes nothing`);
  if (outcome.kind === 'applied') {
    const says = () => `${member} is applied by ${outcome.writeId}, the write log has ${effect?.writeId ?? 'nothing'}`;
    hold(effect?.writeId === outcome.writeId, 'outcome not true', says);
    return;
  }
  // The two rejections of an unknown outcome.
  const unknown = outcome.kind === 'rejected' && ['outcome-unknown', 'group-exists'].includes(outcome.code);
  if (saysStranded(outcome) || isCompensated(world, member)) return;
  hold(
    effect === undefined || unknown,
    'outcome not true',
    () => `${member} is ${outcome.kind} after "${effect?.what}"`,
  );
}

/** The move could not be compensated, and its failure states it. */
const saysStranded = (outcome: Outcome) => outcome.kind === 'rejected' && outcome.details?.takingBack !== undefined;

/** Everything that a move gave to a group was taken from it again, and the other way round. */
function isCompensated(world: World, member: string): boolean {
  const deeds = world.effects.filter((one) => one.members.includes(member)).flatMap((one) => one.did);
  const inverse = deeds.map((deed) => deed.replace(/[+-]/, (sign) => (sign === '+' ? '-' : '+')));
  return !deeds.includes('fields') && deeds.toSorted().join() === inverse.toSorted().join();
}

function cleared(world: World, key: string, before: ChangeRecord): void {
  const member = generationKey(key, before.generation);
  hold(world.announced[member] !== undefined, 'outbox empty-handed', () => `${member} was not announced`);
  const failed = before.outcome?.kind === 'rejected';
  hold(!failed || inFailures(world, member), 'outbox empty-handed', () => `${member} is not in the dead-letter queue`);
}

/** An application that was in a group is in one, unless a failure states that it is not, or that it is unknown. */
function groupsKept(world: World): void {
  const grouped = new Set(Object.values(world.groups).flatMap((group) => group.applicationIds));
  const taken = world.effects.flatMap(({ did }) => did.filter((deed) => deed.includes('-')));
  const says = Object.values(world.changes)
    .flatMap(outcomesOf)
    .some((one) => saysStranded(one) || (one.kind === 'rejected' && one.code === 'outcome-unknown'));
  const lost = taken.filter((deed) => !grouped.has(deed.split('-')[1] ?? ''));
  hold(lost.length === 0 || says, 'application stranded', () => lost.join());
}

const inFailures = (world: World, member: string) => world.failures.some((name) => name.startsWith(`${member}:`));

export function announcedAsSettled(world: World, notice: OutcomeNotice): void {
  const member = generationKey(refKey(notice.ref), notice.generation);
  const settled = outcomeOf(world, member);
  const same = JSON.stringify(settled) === JSON.stringify(notice.outcome);
  hold(same, 'announced otherwise', () => `${member} as ${notice.outcome.kind}, it is ${settled?.kind ?? 'open'}`);
}

type Unconcerned = { others: readonly string[]; withinMs: number };

/** Under a fault of one object that never passes, what has nothing to do with it ends in time. */
export function endsInTime(lasting: Unconcerned | undefined, world: World): void {
  if (lasting === undefined) return;
  for (const record of Object.values(world.changes)) {
    const { idempotencyKey: key } = record.ref;
    if (!lasting.others.includes(key)) continue;
    const waited = (record.outcome?.at ?? Number.POSITIVE_INFINITY) - record.acceptedAt;
    hold(waited <= lasting.withinMs, 'held up', () => `${key} waited ${waited} ms for what concerns another object`);
  }
}

/** The final balance, when nothing is under way and nothing is to come. */
export function restsWell(world: World): void {
  for (const [key, record] of Object.entries(world.changes)) {
    hold(!isOpen(record), 'lane stuck', () => `${key} is ${record.state}, owes [${record.pending}]`);
    const settled = outcomesOf(record).map((one) => one.generation);
    const all = Array.from({ length: record.generation }, (_, index) => index + 1);
    hold(settled.join() === all.join(), 'change lost', () => `${key} has outcomes of generations [${settled}]`);
    for (const outcome of outcomesOf(record)) {
      const member = generationKey(key, outcome.generation);
      const failed = outcome.kind === 'rejected';
      hold(world.announced[member] !== undefined, 'outbox empty-handed', () => `${member} was never announced`);
      hold(!failed || inFailures(world, member), 'outbox empty-handed', () => `${member} never reached the failures`);
    }
  }
  groupsKept(world);
  const strangers = world.failures.filter((name) => /:(unknown-origin|malformed-message)$/.test(name));
  hold(strangers.length === 0, 'change lost', () => strangers.join());
  // An intent all of whose members are settled is cleared by the next worker.
  const { intent, answered = [] } = world.lane ?? {};
  const members = [...answered, ...(intent === undefined ? [] : [intent])].flatMap((one) => one.members);
  const open = members.filter(({ ref, generation }) => {
    return outcomeOf(world, generationKey(refKey(ref), generation)) === undefined;
  });
  hold(open.length === 0, 'lane stuck', () => 'an intent is left open');
}
