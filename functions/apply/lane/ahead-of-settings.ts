import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { heldBehind } from '../rules/held-back.ts';
import type { LaneEnd, LaneWork } from './lane-hold.ts';
import type { ApplyPorts } from './ports.ts';
import { waitInPlace } from './wait-in-place.ts';

/**
 * The changes that were accepted or redriven by newer settings than this invocation works by, and what must not overtake them. They
 * are left to the next invocation, which looks for newer settings; the others go on. `open`: in lane order.
 */
export function aheadOfSettings(ports: ApplyPorts, open: readonly ChangeRecord[]): ReadonlySet<ChangeRecord> {
  const ahead = open.filter((record) => isAhead(ports, record));
  const holding = ahead.map((record) => ({ place: record.sequence, request: record }));
  return new Set([...ahead, ...heldBehind(open, holding)]);
}

/** When this process first met a change of each newer version, by the configuration that it worked by. */
const firstMet = new WeakMap<Configuration, Map<number, number>>();

/**
 * A version that cannot be loaded for longer than an invocation lasts is not waited for. The time counts from this process's own first
 * look, because the times in a change come from other clocks: whoever redrives it may do so on a laptop.
 */
function isAhead({ configuration, clock, timing }: ApplyPorts, { settingsVersion: newer }: ChangeRecord): boolean {
  const { settingsVersion: own } = configuration;
  if (own === undefined || newer === undefined || newer <= own) return false;
  const met = firstMet.get(configuration) ?? new Map<number, number>();
  const since = met.get(newer) ?? clock.now();
  firstMet.set(configuration, met.set(newer, since));
  return clock.now() - since < timing.functionTimeoutMs;
}

/** A pause before the next look, since each one is a receive of the messages, and the queue allows only so many. */
export async function awaitSettings(work: LaneWork): Promise<LaneEnd> {
  const { ports } = work;
  const at = ports.clock.now() + ports.timing.deferMinMs / 6;
  return (await waitInPlace(work, at, 'newer-settings')) ?? { kind: 'again' };
}
