import { expect, it } from 'vitest';
import type { Outcome } from '../../../shared/domain/outcome/outcome.ts';
import { reject } from '../../../shared/domain/outcome/reject.ts';
import { createChronicle, type Settle, unitOf } from './chronicle.ts';
import { judgeTurn } from './judge-turn.ts';
import { quiet } from './quiet-history.ts';
import { GROUP_IDS, LANE, SOURCE, TENANT } from './small-tenant.ts';

const EARLIER = unitOf(refOf(1), 1);
const LATER = unitOf(refOf(2), 1);

function refOf(index: number) {
  return { lane: LANE, source: SOURCE, tenant: TENANT, idempotencyKey: `T-${index}` };
}

/** A member of a set that stops, which was last named in the lane just before it got its outcome. */
function member(index: number, at: number, outcome: Outcome): Settle {
  const change = {
    ...{ schemaVersion: 1 as const, idempotencyKey: `T-${index}`, tenant: TENANT, action: 'update' as const },
    ...{
      group: { id: GROUP_IDS[0] ?? '' },
      set: { enabled: false },
      takeFromOtherGroups: false,
      leaveUngrouped: false,
    },
    changeSet: { id: 'S-1', index, size: 2, onReject: 'stop' as const },
  };
  const ref = refOf(index);
  return {
    ...{ at, unit: unitOf(ref, 1), ref, generation: 1, sequence: index, change, outcome },
    ...{ firstTakenUpAt: at - 100, takenUpAt: at - 100 },
  };
}

const stamp = { generation: 1, at: 0, attempts: 1 };
const UNCHANGED = { kind: 'unchanged', effect: {}, ...stamp } as unknown as Outcome;
const stopped = (code: 'group-not-found' | 'not-attempted'): Outcome => ({ ...reject(code, 'why'), ...stamp });

/** The later one is named at 900 and has its outcome at 1000. */
it.each<[string, Outcome, number | undefined, string[]]>([
  ['goes on', UNCHANGED, undefined, [`${LATER} was not stopped by ${EARLIER}`]],
  ['is stopped', stopped('not-attempted'), undefined, []],
  ['goes on, the earlier one redriven before it was named', UNCHANGED, 899, []],
  [
    'is stopped, the earlier one redriven before it was named',
    stopped('not-attempted'),
    899,
    [`${LATER} was stopped by nothing`],
  ],
  ['goes on, the earlier one redriven once it was named', UNCHANGED, 901, []],
  ['is stopped, the earlier one redriven once it was named', stopped('not-attempted'), 901, []],
  [
    'goes on, the earlier one redriven once it had its outcome',
    UNCHANGED,
    1001,
    [`${LATER} was not stopped by ${EARLIER}`],
  ],
])('a member of a set whose earlier member was rejected %s', (_, outcome, redrivenAt, breaches) => {
  const chronicle = createChronicle();
  chronicle.settles.push(member(1, 500, stopped('group-not-found')), member(2, 1000, outcome));
  if (redrivenAt !== undefined) chronicle.reopened.set(EARLIER, redrivenAt);
  expect(judgeTurn({ chronicle, history: quiet })).toEqual(breaches);
});
