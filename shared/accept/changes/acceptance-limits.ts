import type { SourceConfiguration } from '../../domain/configuration/configuration.ts';
import { type HttpAnswer, problem } from '../../domain/http/http-problem.ts';
import type { Lane } from '../../domain/lane/change-ref.ts';
import { openPlace, WAITING_OFFSET } from '../../domain/ledger/schedule.ts';
import type { AcceptPorts } from './accept-ports.ts';
import type { RequestedChange } from './read-changes.ts';
import { waitingTime } from './write-change.ts';

/** The most open changes of one lane: about three hours of ZPA's write budget. More would only age in the queue. */
const MAX_OPEN_CHANGES = 10_000;
const COUNT_PAGE = 500;
const HOUR_SECONDS = 3600;

/** Refuses new changes that exceed the limit of their lane or the hourly limit of their grant. */
export async function checkAcceptanceLimits(
  ports: AcceptPorts,
  source: SourceConfiguration,
  name: string,
  fresh: readonly RequestedChange[],
): Promise<HttpAnswer | undefined> {
  for (const [lane, changes] of Map.groupBy(fresh, (one) => one.ref.lane)) {
    if (await fitsLane(ports, lane, changes)) continue;
    const detail = `More than ${MAX_OPEN_CHANGES} changes would be waiting for this tenant. Send them again later.`;
    return problem('lane-full', { detail, headers: { 'retry-after': '300' } });
  }
  for (const [index, changes] of Map.groupBy(fresh, (one) => one.grant)) {
    const limit = source.grants[index]?.changesPerHour ?? 0;
    const refusal = await countInHour(ports, `rate#${name}#${index}`, changes.length, limit);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** A lane has two ranges of places, one for changes before the worker and one for scheduled changes; each has its limit. */
async function fitsLane(ports: AcceptPorts, lane: Lane, changes: readonly RequestedChange[]): Promise<boolean> {
  const waiting = changes.filter((one) => waitingTime(ports, one.change) !== undefined).length;
  const ranges = [
    { from: 0, count: changes.length - waiting },
    { from: WAITING_OFFSET, count: waiting },
  ].filter(({ count }) => count > 0);
  for (const { from, count } of ranges) if (!(await fitsRange(ports.ledger, lane, from, count))) return false;
  return true;
}

/** The span from the range's lowest place to the last bounds the number of open changes; only a wide span is counted. */
async function fitsRange(ledger: AcceptPorts['ledger'], lane: Lane, from: number, count: number): Promise<boolean> {
  const [lowest] = await openPlaces(ledger, lane, from, 1);
  if (lowest === undefined) return true;
  const last = await ledger.lastSequence(lane);
  if (last - (lowest - from) + 1 + count <= MAX_OPEN_CHANGES) return true;
  let open = 1;
  for (let after = lowest; open + count <= MAX_OPEN_CHANGES; ) {
    const page = await openPlaces(ledger, lane, from, COUNT_PAGE, after);
    const end = page.at(-1);
    if (end === undefined) return true;
    open += page.length;
    after = end;
  }
  return false;
}

/** Places of the range's open changes above `after`, lowest first, also of those whose record cannot be read. */
async function openPlaces(ledger: AcceptPorts['ledger'], lane: Lane, from: number, limit: number, after = from) {
  const unread: number[] = [];
  const open = await ledger.openChanges(lane, limit, after, ({ place }) => unread.push(place));
  const places = [...open.map(openPlace), ...unread].sort((a, b) => a - b);
  return places.filter((place) => place < from + WAITING_OFFSET);
}

/** A counter is read only within its hour; the rest is margin. */
const COUNTER_KEPT_MS = 24 * 3_600_000;

/**
 * Takes `count` of this clock hour's places from a counter of its own, stored like a lane's. Reads first, so that a
 * delivery which does not fit takes nothing from smaller ones; the atomic counter decides between racing deliveries. Only
 * changes that the ledger does not know are counted, so a resend is not counted again (a resend after a crash before the
 * first write is counted twice, which errs on the safe side).
 */
async function countInHour(ports: AcceptPorts, counter: string, count: number, limit: number) {
  if (count > limit) {
    const detail = `This source may send ${limit} of these changes per hour, and the delivery has ${count}. Split it.`;
    return problem('not-permitted', { detail });
  }
  const now = ports.clock.now();
  const lane = `${counter}#${new Date(now).toISOString().slice(0, 13).replace(/\D/g, '')}`;
  const before = await ports.ledger.lastSequence(lane);
  const first =
    before + count > limit ? undefined : await ports.ledger.takeSequences(lane, count, now + COUNTER_KEPT_MS);
  if (first !== undefined && first + count - 1 <= limit) return undefined;
  const untilNextHour = HOUR_SECONDS - (Math.floor(now / 1000) % HOUR_SECONDS);
  const detail = `This source may send ${limit} of these changes per hour.`;
  return problem('rate-exceeded', { detail, headers: { 'retry-after': String(untilNextHour) } });
}
