import { ingestProgram } from './programs.ts';
import type { Scenario } from './scenario.ts';
import { recordOf, rename } from './tenant.ts';

/** Traces in which a law was broken, shortened: the decisions are taken as soon as each is possible. */
export type KnownFault = { scenario: Scenario; decisions: readonly string[] };

const one = [recordOf('A', 1, rename('One'))];

/**
 * A worker settled B and was about to give the late-comer A a new place when it died. Its successor finds an intent all
 * of whose members are settled, clears it, and with it the lane's progress: A is late no more.
 */
const forgotten: KnownFault = {
  scenario: {
    name: 'an intent found settled keeps how far the lane came',
    changes: [],
    workers: 1,
    starters: [
      { name: 'ingest-1', program: ingestProgram({ A: rename('One') }) },
      { name: 'ingest-2', program: ingestProgram({ B: rename('Two') }) },
    ],
    limits: { crashes: 1 },
  },
  decisions: [
    'ingest-1: ledger.takeSequences',
    'ingest-2 starts',
    'worker-1 gets B/1:accept',
    'worker-1: zpa.write ⇒ done',
    'ingest-1: ledger.writeChange',
    'worker-1: ledger.takeSequences',
    'worker-1 dies before ledger.writeChange',
  ],
};

/**
 * Two workers give the same late-comer a new place, one of them long after it lost the lane: the second place is given
 * although the first was taken at its word, and a change in between is overtaken.
 */
const twoPlaces: KnownFault = {
  scenario: {
    name: 'a late-comer gets one new place',
    changes: one,
    through: 2,
    outlives: true,
    starters: [{ name: 'ingest', program: ingestProgram({ B: rename('Two') }) }],
    limits: { pauses: 1 },
  },
  decisions: [
    'ingest: ledger.readChange',
    'worker-1 gets A/1:accept',
    'worker-1: ledger.takeSequences',
    'ingest: ledger.takeSequences',
    'worker-1 stalls before ledger.writeChange',
    'worker-2: ledger.takeSequences',
    'worker-2: zpa.write ⇒ done',
    'worker-2: zpa.write ⇒ done',
    'worker-1 wakes',
    'worker-1: ledger.writeChange',
  ],
};

/** An answer that never came, no effect: the next try is due in 28 s, which is never short enough to wait in place. */
const spinning: KnownFault = {
  scenario: {
    name: 'a wait that no invocation has room for is a deferral',
    changes: one,
    limits: { faults: 1 },
  },
  decisions: ['worker-1: zpa.write ⇒ timeout, no effect'],
};

/**
 * The ledger gave up on settling B after it had settled it. The lane was released without open work and without B's
 * place, so that the late-comer A is not seen to be late.
 */
const givenBack: KnownFault = {
  scenario: {
    name: 'a lane given back after an error keeps how far it came',
    changes: [],
    workers: 1,
    starters: [
      { name: 'ingest-1', program: ingestProgram({ A: rename('One') }) },
      { name: 'ingest-2', program: ingestProgram({ B: rename('Warehouse') }) },
    ],
    limits: { awsFaults: 1 },
  },
  decisions: [
    'ingest-1: ledger.takeSequences',
    'ingest-2 starts',
    'worker-1 gets B/1:accept',
    'worker-1: ledger.writeChange ⇒ gives up after its effect',
    'worker-1 ends',
  ],
};

export const KNOWN_FAULTS: readonly KnownFault[] = [forgotten, twoPlaces, spinning, givenBack];

/** Faults that stand: their tests are expected to fail, and turn red when the fault is gone. Then they leave this list. */
export const STANDING: ReadonlySet<string> = new Set<string>();
