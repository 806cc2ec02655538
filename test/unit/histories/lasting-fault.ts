import fc from 'fast-check';
import { FAULT_KINDS, type History, histories, type LastingFault } from './history.ts';
import { NEIGHBOUR_LANE } from './neighbour.ts';
import { ALL_GROUP_IDS, ALL_GROUP_NAMES, APPLICATION_IDS, applicationName, NEW_NAMES } from './small-tenant.ts';

const about = (of: LastingFault['of'], ...calls: string[]) => calls.map((call) => ({ of, call }));
export const ZPA_CALLS = [
  ...about('group', 'zpa.getGroup', 'zpa.findGroups', 'zpa.create', 'zpa.update', 'zpa.delete'),
  ...about('application', 'zpa.getApplication', 'zpa.findApplications'),
];
export const AWS_CALLS = [
  ...about('group', 'ledger.readDesired', 'ledger.writeDesired'),
  ...about('change', 'ledger.readChange', 'ledger.writeChange', 'ledger.putRejectedMember'),
  ...about('change', 'queue.send', 'failures.send', 'outcomes.publish'),
];

/**
 * Faults under which others wait for ever: their tests are expected to fail, and turn red when the fault is gone. Then
 * they leave this list. Nothing may be said about a change without its record, so the lane does not go on without it
 * (docs/quality.md).
 */
const STANDING_CALLS = ['ledger.readChange', 'ledger.writeChange'];
export const isStanding = ({ call }: Pick<LastingFault, 'call'>): boolean => STANDING_CALLS.includes(call);

const lastingFaults: fc.Arbitrary<LastingFault> = fc
  .record({
    about: fc.constantFrom(...ZPA_CALLS, ...AWS_CALLS),
    nth: fc.oneof(fc.nat(2), fc.nat(17)),
    kind: fc.constantFrom(...FAULT_KINDS),
  })
  .map(({ about: one, ...rest }) => ({ ...one, ...rest }))
  .filter((one) => !isStanding(one));

/** Members of two sets that stop, in the order in which they arrive. */
const inSets = (changes: History['changes']): History['changes'] =>
  changes.map(({ gapMs, asked }, n) => {
    const changeSet = { id: `S-${1 + (n % 2)}`, size: 20, index: 1 + Math.floor(n / 2), onReject: 'stop' };
    return { gapMs, asked: { ...asked, changeSet } };
  });

/** Something fails for one object for ever; operators re-open what failed, also members of sets, in any order. */
export const lastingHistories: fc.Arbitrary<History> = fc
  .record({
    history: histories,
    lasting: lastingFaults,
    neighbour: fc.array(fc.record({ atMs: fc.oneof(fc.nat(20_000), fc.nat(400_000)), group: fc.nat(2) }), {
      maxLength: 8,
    }),
    sets: fc.nat(3).map((n) => n === 0),
    sprees: fc.array(
      fc.record({
        atMs: fc.nat(4_000_000),
        order: fc.infiniteStream(fc.nat()).map((all) => [...all.take(10)]),
        acceptStale: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ history, sets, ...more }) => ({
    ...history,
    changes: sets ? inSets(history.changes) : history.changes,
    ...more,
  }));

/** A change that needs a call of AWS that never succeeds has no end: everybody may know, and nobody waits for it. */
export const hasNoEnd = ({ lasting }: History): boolean => lasting !== undefined && !lasting.call.startsWith('zpa.');

/** The object of the fault under every name that a call may give it. */
export function namesOfObject({ call, of: what, nth }: LastingFault, history: History): string[] {
  if (call === 'zpa.create') return [NEW_NAMES[nth % NEW_NAMES.length] ?? ''];
  const index =
    nth % { group: history.groups, application: APPLICATION_IDS.length, change: history.changes.length }[what];
  if (what === 'group') return [ALL_GROUP_IDS[index] ?? '', ALL_GROUP_NAMES[index] ?? ''];
  const id = APPLICATION_IDS[index] ?? '';
  return what === 'application' ? [id, applicationName(id)] : [`T-${index + 1}`];
}

/** True if a call fails for ever. A delivery and an order to cancel are repeated by their sender, and are left alone. */
export function createLasting(history: History): (call: string, args: readonly unknown[], life: string) => boolean {
  const { lasting } = history;
  if (lasting === undefined) return () => false;
  const names = new Set(namesOfObject(lasting, history));
  return (call, args, life) => {
    if (call !== lasting.call || /^(ingest|cancel)/.test(life) || args.some(isOfNeighbour)) return false;
    return args.flatMap(namesIn).some((name) => names.has(name));
  };
}

/** The second lane's groups have the ids of the first one's, in another tenant. */
const isOfNeighbour = (argument: unknown): boolean =>
  argument === NEIGHBOUR_LANE || (argument as { lane?: unknown } | null | undefined)?.lane === NEIGHBOUR_LANE;

/** The ids, names and keys of the objects that an argument of a port is about. */
function namesIn(argument: unknown): string[] {
  if (typeof argument === 'string') return [argument];
  if (Array.isArray(argument)) return argument.flatMap(namesIn);
  if (typeof argument !== 'object' || argument === null) return [];
  const { ref = argument, groupId, name } = argument as { ref?: unknown; groupId?: unknown; name?: unknown };
  const key = (ref as { idempotencyKey?: unknown }).idempotencyKey;
  return [key, groupId, name].filter((one) => typeof one === 'string');
}
