import { reject } from '../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { Call } from './call.ts';
import { redriveProgram } from './programs.ts';
import type { Lasting, Scenario } from './scenario.ts';
import { adding, aGroup, type ChangeFields, GROUP, recordOf, rename, START } from './tenant.ts';

/** A fault of one object that never passes, and redrives in any order of members of a set. */

const rename2 = (name: string, id = '200') => ({ action: 'update', group: { id }, set: { name } });
const groups = [aGroup(), aGroup({ id: '200', name: 'Second' }), aGroup({ id: '300', name: 'Third' })];

/** One call always fails for the group 100, or for one application: A meets it, B has nothing to do with it. */
const others = { others: ['B'], withinMs: 3_600_000 };
const beside = (first: ChangeFields) => [recordOf('A', 1, first), recordOf('B', 2, rename2('Two'))];
const onGroup = (call: Call) => call.to === 'zpa.getGroup' && call.id === GROUP;
const writes = (call: Call) => call.to === 'zpa.write' && call.write.kind !== 'create' && call.write.groupId === GROUP;
const lasts = (name: string, first: ChangeFields, lasting: Omit<Lasting, 'others' | 'withinMs'>): Scenario => ({
  ...{ name: `${name} always fails, a crash`, changes: beside(first), groups, workers: 1 },
  ...{ lasting: { ...lasting, ...others }, limits: { crashes: 1 } },
});

export const LASTING: readonly Scenario[] = [
  lasts('a read of one group', rename('One'), { fails: onGroup, fault: 'odd' }),
  lasts(
    'a read of one group by its name',
    { ...rename('One'), group: { name: 'Warehouse' } },
    {
      fails: (call) => call.to === 'zpa.findGroups' && call.name === 'Warehouse',
      fault: 'odd',
    },
  ),
  lasts('a read of one application', adding('11'), {
    fails: (call) => call.to === 'zpa.getApplication' && call.id === '11',
    fault: 'odd',
  }),
  lasts(
    'a read of one application by its name',
    { ...adding('11'), applications: { add: [{ name: 'app-11' }] } },
    {
      fails: (call) => call.to === 'zpa.findApplications' && call.name === 'app-11',
      fault: 'odd',
    },
  ),
  lasts('a write of one group', rename('One'), { fails: writes, fault: 'odd' }),
  lasts('the answer to a write of one group, done,', rename('One'), { fails: writes, fault: 'odd', withEffect: true }),
  lasts('the answer to a write of one group that times out, done,', rename('One'), {
    ...{ fails: writes, fault: 'unanswered', withEffect: true },
  }),
  lasts('a delete of one group', { action: 'delete', group: { id: GROUP } }, { fails: writes, fault: 'odd' }),
  lasts(
    'a create of one name',
    { action: 'create', group: { name: 'Annex' } },
    {
      fails: (call) => call.to === 'zpa.write' && call.write.kind === 'create',
      fault: 'odd',
    },
  ),
];

const member = (index: number) => ({ changeSet: { id: 'S', size: 3, index, onReject: 'stop' } });
const failed = (code: 'zpa-refused' | 'not-attempted') =>
  ({
    state: 'settled' as const,
    failed: true,
    outcome: { ...reject(code, 'in the past'), generation: 1, at: START, attempts: 1 },
  }) satisfies Partial<ChangeRecord>;
const first = recordOf('A', 1, { ...rename('One'), ...member(1) }, failed('zpa-refused'));
const second = recordOf('B', 2, { ...rename2('Two'), ...member(2) }, failed('not-attempted'));
const third = recordOf('C', 3, { ...rename2('Three', '300'), ...member(3) }, failed('not-attempted'));
const operators = ['C', 'B', 'A'].map((key) => ({ name: `operator of ${key}`, program: redriveProgram(key, 1) }));

export const SETS: readonly Scenario[] = [
  {
    name: 'the members of a set redriven in any order',
    ...{ changes: [first, second, third], groups, workers: 1, starters: operators },
    deviations: 3,
  },
  {
    name: 'two members of a set redriven in any order, a crash, a lost answer or a refusal',
    ...{ changes: [first, second], groups, workers: 1, starters: operators.slice(1) },
    limits: { crashes: 1, faults: 1 },
    deviations: 3,
  },
];
