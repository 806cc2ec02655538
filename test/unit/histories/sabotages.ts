import { openPlace } from '../../../shared/domain/ledger/schedule.ts';
import type { Timing } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
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
  /** The longest time that something may be open; default: a day. */
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

/** An index that lags: it shows the lane as it was some settled changes ago. */
const lagging = ({ openChanges, writeChange }: MemoryLedger): Partial<Ledger> => {
  const shown: ChangeRecord[][] = [];
  return {
    async writeChange(record, expected) {
      if (record.state === 'settled') shown.push(await openChanges(record.ref.lane, Number.MAX_SAFE_INTEGER));
      return await writeChange(record, expected);
    },
    async openChanges(lane, limit, after = 0) {
      const old = shown.at(-SETTLED_BEHIND);
      return old?.filter((one) => openPlace(one) > after).slice(0, limit) ?? (await openChanges(lane, limit, after));
    },
  };
};
const SETTLED_BEHIND = 4;

/** Conditions of the protocol, each taken away. */
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
  'the fence': {
    ...on(({ writeLane }) => ({ writeLane: (lane, expected) => writeLane({ ...lane, fence: 1 }, expected) })),
    undying: true,
    among: standingStill,
  },
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
  'the consistent query': { ...on(lagging), patienceMs: 3_600_000 },
  'the generation of a redrive': { anyGeneration: true },
  'the quiet period': { timing: { quietPeriodMs: 0 } },
  'clocks that agree': { skewMs: 600_000 },
  'the last moment to send': { sendsWhenever: true, undying: true, among: standingStill },
  'the budget': { boundless: true },
};
