import type { Timing } from '../../../shared/domain/ledger/timing.ts';
import type { Ledger } from '../../../shared/ports/ports.ts';
import type { MemoryLedger } from '../../fakes/memory-ledger.ts';
import type { Bounds } from './bounds.ts';
import type { History } from './history.ts';

/** A part of the protocol or its surroundings that a test removes, to see that the judge notices. */
export type Sabotage = {
  ledger?: (ledger: MemoryLedger) => MemoryLedger;
  timing?: Partial<Timing>;
  /** Calls leave without waiting for the budget. */
  boundless?: boolean;
  /** A write leaves however long ago its intent was stored. */
  sendsWhenever?: boolean;
  /** The lead of every other worker's clock. */
  skewMs?: number;
  /** The topic forgets what it is given. */
  forgetful?: boolean;
  /** A redrive accepts any generation. */
  anyGeneration?: boolean;
  /**
   * Invocations outlive their time: a worker that stood still goes on when another has long taken over. Lambda does not
   * do that, and against it stand the fence and the last moment to send.
   */
  undying?: boolean;
  /** Processes keep the configuration of the beginning. */
  unedited?: boolean;
  /** The longest time that something may be open beside what a lasting fault holds up; default: a day. */
  patienceMs?: number;
  /** Ends a history that does not end by itself sooner. */
  bounds?: Partial<Bounds>;
  /** Restricts the histories to those in which it shows more often. */
  among?: (history: History) => History;
};

/** Processes stand still for longer than a lease, beside others. */
const standingStill = (history: History): History => ({
  ...history,
  workers: 2,
  mishaps: [...history.mishaps, ...history.mishaps, ...history.mishaps].map((one) => ({ ...one, kind: 'stall' })),
});

/** Reads of every kind lag all the time. */
const lateReplicas = (history: History): History => ({
  ...history,
  lags: (['group', 'search', 'application'] as const).map((of) => ({ atMs: 0, forMs: 400_000, lagMs: 30_000, of })),
});

const on = (change: (ledger: MemoryLedger) => Partial<Ledger>): Sabotage => ({
  ledger: (ledger) => ({ ...ledger, ...change(ledger) }),
});

/** Conditions of the protocol, each taken away; the fence and the consistent query in the model alone, which finds that sooner. */
export const SABOTAGES: Record<string, Sabotage> = {
  'the version of the lane': on(({ readLane, writeLane }) => ({
    writeLane: async (record) => writeLane(record, (await readLane(record.lane)).version),
  })),
  'the lease': on(({ readLane }) => ({
    readLane: async (lane) => {
      const { lease: _lease, ...free } = await readLane(lane);
      return free;
    },
  })),
  'the intent before the write': on(({ writeLane }) => ({
    writeLane: ({ intent: _intent, ...lane }, expected) => writeLane(lane, expected),
  })),
  'what lies aside': on(({ writeLane }) => ({
    writeLane: ({ answered: _answered, ...lane }, expected) => writeLane(lane, expected),
  })),
  'what the lane has seen': {
    ...on(({ writeLane }) => ({ writeLane: ({ seen: _seen, ...lane }, expected) => writeLane(lane, expected) })),
    among: lateReplicas,
  },
  'how far the lane came': on(({ writeLane }) => ({
    writeLane: ({ working: _working, ...lane }, expected) => writeLane({ ...lane, through: 0 }, expected),
  })),
  'the version of a change': on(({ readChange, writeChange }) => ({
    writeChange: async (record, expected) =>
      expected === 0 ? writeChange(record, 0) : writeChange(record, (await readChange(record.ref))?.version ?? 0),
  })),
  'the outbox owed in the settling write': on(({ writeChange }) => ({
    writeChange: (record, expected) => writeChange({ ...record, pending: [] }, expected),
  })),
  'the publishing': { forgetful: true },
  'the generation of a redrive': { anyGeneration: true },
  'the quiet period': { timing: { quietPeriodMs: 0 } },
  'clocks that agree': { skewMs: 600_000 },
  'the last moment to send': { sendsWhenever: true, undying: true, among: standingStill },
  'the budget': { boundless: true },
};
