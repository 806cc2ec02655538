import { deduplicationId, refKey } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeMessage, FailureRecord } from '../../shared/domain/ledger/message.ts';
import { type Answer, type Call, value } from './call.ts';
import { announcedAsSettled } from './laws.ts';
import { generationKey, type Message, type World } from './world.ts';

export type QueueCall = Extract<Call, { to: `queue.${string}` | 'failures.send' | 'outcomes.publish' }>;

/** SQS's own guard: an id taken within five minutes is taken for done (AWS: "Exactly-once processing in Amazon SQS"). */
const DEDUPLICATION_MS = 5 * 60_000;

export function performQueue(world: World, call: QueueCall): { world: World; answer: Answer } {
  switch (call.to) {
    case 'queue.send':
      return { world: call.messages.reduce(sendOne, world), answer: value(undefined) };
    case 'queue.defer': {
      const visibleAt = world.now + call.delayMs;
      const messages = world.messages.map((one) => (call.ids.includes(one.id) ? { ...one, visibleAt } : one));
      return { world: { ...world, messages }, answer: value([]) };
    }
    case 'failures.send':
      return { world: keepFailure(world, call.failure), answer: value(undefined) };
    case 'outcomes.publish': {
      const { notice } = call;
      announcedAsSettled(world, notice);
      const key = generationKey(refKey(notice.ref), notice.generation);
      const announced = { ...world.announced, [key]: JSON.stringify(notice.outcome) };
      return { world: { ...world, announced }, answer: value(undefined) };
    }
  }
}

function sendOne(world: World, message: ChangeMessage): World {
  const { ref, fingerprint, generation, reason, apartAt } = message;
  const id = deduplicationId(ref, fingerprint, generation, reason, apartAt);
  const before = world.deduplicated[id];
  if (before !== undefined && world.now - before < DEDUPLICATION_MS) return world;
  const deduplicated = { ...world.deduplicated, [id]: world.now };
  const label = `${ref.idempotencyKey}/${generation}:${reason}`;
  return { ...world, deduplicated, messages: [...world.messages, messageOf(world, label, message)] };
}

/** A message's id is derived from its content, so that equal messages of different histories are equal. */
export function messageOf(world: Pick<World, 'now' | 'messages'>, label: string, body: unknown): Message {
  const same = world.messages.filter((one) => one.label === label).length;
  return { id: same === 0 ? label : `${label}+${same}`, label, body: JSON.stringify(body), visibleAt: world.now };
}

function keepFailure(world: World, failure: FailureRecord): World {
  const key = failure.ref === null ? 'unreadable' : refKey(failure.ref);
  const name = `${generationKey(key, failure.generation)}:${failure.rejection.code}`;
  return world.failures.includes(name) ? world : { ...world, failures: [...world.failures, name].sort() };
}
