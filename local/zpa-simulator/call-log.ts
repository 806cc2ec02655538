import type { Effect } from './tenant/documents.ts';

/** One call as it was answered. Secrets and tokens are never in it. */
export type LoggedCall = {
  /** Counts from 1 over the life of the simulator (of its data folder, if it has one). */
  sequence: number;
  /** Epoch milliseconds: when the call arrived, and when it was acted upon. */
  at: number;
  actedAt: number;
  kind: 'read' | 'write' | 'token' | 'other';
  method: string;
  /** Without query. */
  path: string;
  query: string;
  /** Client id of the token, or of the sign-in. */
  client: string | undefined;
  /** The controller's answer; 0 if there was none. */
  status: number;
  /** The part of the answer that was sent: an `unanswered` write may well have had its effect. */
  delivery: 'answered' | 'truncated' | 'unanswered';
  fault: string | undefined;
  /** The parsed body of a write; undefined for all else. */
  body: unknown;
  /** The documents it changed; empty for reads and refused writes. */
  effects: Effect[];
};

export type CallLog = {
  all(): LoggedCall[];
  /** Calls after that sequence. */
  since(sequence: number): LoggedCall[];
  /** Writes that changed something, in order: what a test of "once in effect" counts. */
  effects(): Effect[];
  add(call: Omit<LoggedCall, 'sequence'>): LoggedCall;
  /** Resolves with the first call (also a past one) that fits. */
  wait(fits: (call: LoggedCall) => boolean): Promise<LoggedCall>;
  clear(): void;
};

/** Reads beyond this many are forgotten, oldest first; calls with effects never. */
const KEPT = 200_000;

export function createCallLog(past: LoggedCall[] = []): CallLog {
  let calls = past;
  let limit = Math.max(KEPT, past.length * 2);
  let sequence = past.at(-1)?.sequence ?? 0;
  const waiting = new Set<{ fits: (call: LoggedCall) => boolean; resolve: (call: LoggedCall) => void }>();
  return {
    all: () => [...calls],
    since: (after) => calls.filter((one) => one.sequence > after),
    effects: () => calls.flatMap((one) => one.effects),
    add: (call) => {
      sequence += 1;
      const logged = { sequence, ...call };
      calls.push(logged);
      if (calls.length > limit) {
        const old = calls.length / 2;
        calls = calls.filter((one, index) => index > old || one.effects.length > 0);
        limit = Math.max(KEPT, calls.length * 2);
      }
      for (const one of waiting) {
        if (!one.fits(logged)) continue;
        waiting.delete(one);
        one.resolve(logged);
      }
      return logged;
    },
    wait: (fits) => {
      const found = calls.find(fits);
      if (found !== undefined) return Promise.resolve(found);
      const { promise, resolve } = Promise.withResolvers<LoggedCall>();
      waiting.add({ fits, resolve });
      return promise;
    },
    clear: () => {
      calls = [];
    },
  };
}
