import { reject } from '../../shared/domain/outcome/reject.ts';
import { LASTING, SETS } from './lasting-scenarios.ts';
import { ingestProgram, redriveProgram } from './programs.ts';
import type { Edit, Scenario } from './scenario.ts';
import { accepting, adding, aGroup, GROUP, recordOf, rename, START } from './tenant.ts';

/** The small scope. A scenario without `deviations` is tried in full by the suite, the others by the full scope. */

const one = [recordOf('A', 1, rename('One'))];
const two = [...one, recordOf('B', 2, rename('Two'))];
const byHand = { label: 'renamed by hand', groupId: GROUP, change: () => ({ name: 'By hand' }) };
const joined: Edit = {
  label: '13 joins by hand',
  groupId: GROUP,
  change: ({ applicationIds }) => ({ applicationIds: [...applicationIds, '13'].sort() }),
  stays: '13',
};

const WORKERS: readonly Scenario[] = [
  { name: 'two renames of one group, a crash, a lost answer', changes: two, limits: { crashes: 1, faults: 1 } },
  { name: 'a rename, three crashes', changes: one, limits: { crashes: 3 } },
  { name: 'a rename delivered twice, a lost answer', changes: one, limits: { duplicates: 1, faults: 1 } },
  { name: 'a rename delivered twice, a crash', changes: one, limits: { duplicates: 1, crashes: 1 } },
  {
    name: 'a coalesced pair, a crash, a lost answer',
    changes: [recordOf('A', 1, adding('11')), recordOf('B', 2, adding('12'))],
    limits: { crashes: 1, faults: 1 },
  },
  {
    name: 'a coalesced pair with one to be rejected, two crashes',
    changes: [recordOf('A', 1, adding('11')), recordOf('B', 2, adding('404'))],
    limits: { crashes: 2 },
  },
  {
    name: 'two adds with a rename of another group between, a crash, a lost answer',
    changes: [
      recordOf('A', 1, adding('11')),
      recordOf('B', 2, { action: 'update', group: { id: '200' }, set: { name: 'Two' } }),
      recordOf('C', 3, adding('12')),
    ],
    groups: [aGroup(), aGroup({ id: '200', name: 'Second' })],
    limits: { crashes: 1, faults: 1 },
  },
  {
    name: 'a create, a crash, a lost answer',
    changes: [recordOf('A', 1, { action: 'create', group: { name: 'Annex' }, applications: [{ id: '13' }] })],
    limits: { crashes: 1, faults: 1 },
  },
  {
    name: 'a create that updates what a rename has made, a crash, a lost answer',
    changes: [
      ...one,
      recordOf('B', 2, { action: 'create', group: { name: 'One' }, ifExists: 'update', applications: [{ id: '13' }] }),
    ],
    limits: { crashes: 1, faults: 1 },
  },
  {
    name: 'a rename, an accept of what it makes and one of what was, a crash, a lost answer',
    changes: [
      ...one,
      recordOf('B', 2, accepting({ name: 'One', applications: { exactly: [] } })),
      recordOf('C', 3, accepting({ name: 'Warehouse' })),
    ],
    limits: { crashes: 1, faults: 1 },
  },
  {
    name: 'a delete after a rename, a crash, a lost answer',
    changes: [...one, recordOf('B', 2, { action: 'delete', group: { id: GROUP } })],
    limits: { crashes: 1, faults: 1 },
  },
];

const moved = { ...adding('11'), takeFromOtherGroups: true };
const between = [aGroup(), aGroup({ id: '200', name: 'Second', applicationIds: ['11'] })];

/** Two writes under one intent: first out of one group, then into the other. */
const MOVES: readonly Scenario[] = [
  {
    name: 'a move, two crashes',
    changes: [recordOf('A', 1, moved)],
    groups: between,
    limits: { crashes: 2 },
  },
  {
    name: 'a move, a crash, two lost answers or refusals',
    changes: [recordOf('A', 1, moved)],
    groups: between,
    limits: { crashes: 1, faults: 2 },
  },
  {
    name: 'a move, ZPA unreachable, lost answers or refusals',
    changes: [recordOf('A', 1, moved)],
    groups: between,
    limits: { readFaults: 1, faults: 2 },
  },
  {
    name: 'a move delivered twice, a lost answer',
    changes: [recordOf('A', 1, moved)],
    groups: between,
    limits: { duplicates: 1, faults: 1 },
    deviations: 4,
  },
  {
    name: 'a move after a rename of the other group, a crash, a lost answer',
    changes: [
      recordOf('A', 1, { action: 'update', group: { id: '200' }, set: { name: 'Two' } }),
      recordOf('B', 2, moved),
    ],
    groups: between,
    limits: { crashes: 1, faults: 1 },
  },
  {
    name: 'a move, a crash, a lost answer, somebody at the console',
    changes: [recordOf('A', 1, moved)],
    groups: between,
    edits: [joined, { label: 'renamed by hand', groupId: '200', change: () => ({ name: 'By hand' }) }],
    limits: { edits: 1, faults: 1, crashes: 1 },
  },
];

const TROUBLE: readonly Scenario[] = [
  {
    name: 'a rename, a lost answer, somebody at the console',
    changes: one,
    edits: [byHand, joined],
    limits: { faults: 1, edits: 1, crashes: 1 },
  },
  { name: 'two renames, ZPA unreachable, a lost answer', changes: two, limits: { readFaults: 1, faults: 1 } },
  { name: 'two renames, an AWS service gives up, a crash', changes: two, limits: { awsFaults: 1, crashes: 1 } },
  { name: 'a rename, AWS gives up, a lost answer', changes: one, limits: { awsFaults: 1, faults: 1 } },
  {
    name: 'a slow worker, its messages delivered again, a lost answer',
    changes: one,
    limits: { pauses: 1, duplicates: 1, faults: 1 },
    deviations: 3,
  },
];

const rename2 = (name: string, id = '200') => ({ action: 'update', group: { id }, set: { name } });
const apart = [...one, recordOf('B', 2, rename2('Two'))];
const threeGroups = [aGroup(), aGroup({ id: '200', name: 'Second' }), aGroup({ id: '300', name: 'Third' })];

/** Writes of several groups, one after another, before one look at all of them. */
const ASIDE: readonly Scenario[] = [
  {
    name: 'renames of two groups, a crash, two lost answers',
    changes: apart,
    groups: threeGroups,
    limits: { crashes: 1, faults: 2 },
  },
  {
    name: 'renames of three groups, two crashes',
    changes: [...apart, recordOf('C', 3, rename2('Three', '300'))],
    groups: threeGroups,
    limits: { crashes: 2 },
  },
  {
    name: 'renames of two groups and of the first again, a lost answer, somebody at the console',
    changes: [...apart, recordOf('C', 3, rename('Three'))],
    groups: threeGroups,
    edits: [byHand, { label: 'renamed by hand', groupId: '200', change: () => ({ name: 'Also by hand' }) }],
    limits: { faults: 1, edits: 1 },
  },
  {
    name: 'renames of two groups, ZPA unreachable, a crash',
    changes: apart,
    groups: threeGroups,
    limits: { readFaults: 1, crashes: 1 },
  },
  {
    name: 'renames of two groups delivered twice, a crash',
    changes: apart,
    groups: threeGroups,
    limits: { duplicates: 1, crashes: 1 },
    deviations: 4,
  },
  {
    name: 'renames of two groups, a late-comer, a crash',
    changes: apart,
    groups: threeGroups,
    starters: [{ name: 'ingest', program: ingestProgram({ C: rename('Three') }) }],
    workers: 1,
    limits: { crashes: 1 },
    deviations: 4,
  },
];

/** Two workers over the whole of two changes, under any fault of one of them. */
const FULL: readonly Scenario[] = [
  { name: 'two renames delivered twice', changes: two, limits: { duplicates: 1 }, deviations: 6 },
  { name: 'two renames delivered twice, a crash', changes: two, limits: { duplicates: 1, crashes: 1 }, deviations: 4 },
  {
    name: 'two renames delivered twice, a lost answer',
    changes: two,
    limits: { duplicates: 1, faults: 1 },
    deviations: 4,
  },
  {
    name: 'two messages at two workers, a lost answer',
    changes: two,
    singles: true,
    limits: { faults: 1 },
    deviations: 4,
  },
];

const unsent = { state: 'accepted', sentAt: 0 } as const;

const SWEEPER: readonly Scenario[] = [
  { name: 'accepted and never sent', changes: [recordOf('A', 1, rename('One'), unsent)], limits: { crashes: 2 } },
  {
    name: 'the sweeper beside a slow worker, a crash',
    changes: [recordOf('A', 1, adding('404'), { acceptedAt: START - 1 })],
    limits: { sweeps: 1, pauses: 1, crashes: 1 },
  },
];

const INGEST: readonly Scenario[] = [
  {
    name: 'two deliveries race, a crash',
    changes: [],
    workers: 1,
    starters: [
      { name: 'ingest-1', program: ingestProgram({ A: rename('One') }) },
      { name: 'ingest-2', program: ingestProgram({ B: rename('Two') }) },
    ],
    limits: { crashes: 1 },
    deviations: 5,
  },
  {
    name: 'two deliveries race, one asks for what is there, an AWS service gives up',
    changes: [],
    workers: 1,
    starters: [
      { name: 'ingest-1', program: ingestProgram({ A: rename('One') }) },
      { name: 'ingest-2', program: ingestProgram({ B: rename('Warehouse') }) },
    ],
    limits: { awsFaults: 1 },
    deviations: 4,
  },
  {
    name: 'a late-comer and a new delivery, a crash',
    changes: [recordOf('A', 1, rename('One'))],
    through: 2,
    starters: [{ name: 'ingest', program: ingestProgram({ B: rename('Two') }) }],
    workers: 1,
    limits: { crashes: 1 },
  },
  {
    name: 'a delivery and its retry race',
    changes: [],
    starters: [
      { name: 'ingest-1', program: ingestProgram({ A: rename('One') }) },
      { name: 'ingest-2', program: ingestProgram({ A: rename('One') }) },
    ],
  },
];

const refused = {
  state: 'settled',
  outcome: { ...reject('zpa-refused', 'ZPA said no'), generation: 1, at: START, attempts: 1 },
  failed: true,
} as const;
const failedOne = recordOf('A', 1, rename('One'), refused);

const REDRIVE: readonly Scenario[] = [
  {
    name: 'a redrive and a failure moved back by hand race, a crash',
    changes: [failedOne],
    movedBack: [failedOne],
    starters: [{ name: 'operator', program: redriveProgram('A', 1) }],
    workers: 1,
    limits: { crashes: 1 },
  },
  {
    name: 'a redrive beside a newer change, a crash, a lost answer',
    changes: [failedOne, recordOf('B', 2, rename('Two'))],
    starters: [{ name: 'operator', program: redriveProgram('A', 1) }],
    workers: 1,
    limits: { crashes: 1, faults: 1 },
  },
];

export const SCENARIOS: readonly Scenario[] = [
  ...WORKERS,
  ...FULL,
  ...MOVES,
  ...ASIDE,
  ...TROUBLE,
  ...SWEEPER,
  ...INGEST,
  ...REDRIVE,
  ...LASTING,
  ...SETS,
];
