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
/** A counter is read only within its hour; the rest is margin. */
const COUNTER_KEPT_MS = 24 * 3_600_000;

/** Refuses new changes that exceed the limit of their lane or the hourly limit of their grant. Takes nothing yet. */
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
  for (const { counter, count, limit } of hoursOf(ports, source, name, fresh)) {
    if (count > limit) {
      const detail = `This source may send ${limit} of these changes per hour, and the delivery has ${count}. Split it.`;
      return problem('not-permitted', { detail });
    }
    if ((await ports.ledger.lastSequence(counter)) + count > limit) return rateExceeded(ports, limit);
  }
  return undefined;
}

/**
 * Takes the places of this clock hour for new changes that nothing else refuses, each grant's from a counter of its own, stored
 * like a lane's: a delivery that does not fit was refused before and takes nothing from smaller ones. The atomic counters
 * decide between racing deliveries. Only changes that the ledger does not know are counted, so a resend is not counted again (a
 * resend after a crash before the first write is counted twice, which errs on the safe side).
 */
export async function takeHourlyPlaces(
  ports: AcceptPorts,
  source: SourceConfiguration,
  name: string,
  fresh: readonly RequestedChange[],
): Promise<HttpAnswer | undefined> {
  for (const { counter, count, limit } of hoursOf(ports, source, name, fresh)) {
    const first = await ports.ledger.takeSequences(counter, count, ports.clock.now() + COUNTER_KEPT_MS);
    if (first + count - 1 > limit) return rateExceeded(ports, limit);
  }
  return undefined;
}

/** The counter of this hour of each grant that the changes need. */
function hoursOf({ clock }: AcceptPorts, source: SourceConfiguration, name: string, fresh: readonly RequestedChange[]) {
  const hour = new Date(clock.now()).toISOString().slice(0, 13).replace(/\D/g, '');
  return [...Map.groupBy(fresh, (one) => one.grant)].map(([index, { length: count }]) => ({
    counter: `rate#${name}#${index}#${hour}`,
    count,
    limit: source.grants[index]?.changesPerHour ?? 0,
  }));
}

function rateExceeded({ clock }: AcceptPorts, limit: number): HttpAnswer {
  const untilNextHour = HOUR_SECONDS - (Math.floor(clock.now() / 1000) % HOUR_SECONDS);
  const detail = `This source may send ${limit} of these changes per hour.`;
  return problem('rate-exceeded', { detail, headers: { 'retry-after': String(untilNextHour) } });
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
