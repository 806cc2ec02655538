import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import type { Timing } from '../../shared/domain/ledger/timing.ts';
import type { Chance, Clock, Ledger, Log, Meter, RateLimiter, Zpa } from '../../shared/ports/ports.ts';
import type { Call } from './call.ts';
import { FAULTS, ModelZpaError } from './errors.ts';

/** A process's calls to the model's world; the one place where an answer gets its type. */
export type Ask = <T>(call: Call) => Promise<T>;

/** The ports for the real code. Nothing here decides anything: each method asks the world. */
export type ModelPorts = {
  ask: Ask;
  clock: Clock;
  chance: Chance;
  configuration: Configuration;
  timing: Timing;
  /** Of this process's invocation. */
  remainingMs(): number;
  signal: AbortSignal;
  /** Receives the errors that the code logs; one that no port could have thrown ends the search. */
  complain(error: unknown): void;
  /** False in the mutant whose client sends a stored write at any time. */
  obeysSendBefore: boolean;
};

/** The real code as one process. Resolves to the message ids to be retried. */
export type Program = (ports: ModelPorts) => Promise<readonly string[]>;

export function logOf({ complain }: ModelPorts): Log & Meter {
  const ignore = () => undefined;
  return { info: ignore, warn: ignore, count: ignore, error: (_message, fields) => complain(fields?.error) };
}

export function ledgerOf({ ask }: ModelPorts): Ledger {
  return {
    takeSequences: (_lane, count) => ask({ to: 'ledger.takeSequences', count }),
    lastSequence: () => ask({ to: 'ledger.lastSequence' }),
    readChange: (ref) => ask({ to: 'ledger.readChange', ref }),
    writeChange: (record, expected) => ask({ to: 'ledger.writeChange', record, expected }),
    openChanges: (_lane, limit, after = 0) => ask({ to: 'ledger.openChanges', limit, after }),
    failuresBefore: (_lane, before, limit) => ask({ to: 'ledger.failuresBefore', before, limit }),
    failedChanges: () => listed(ask, { to: 'ledger.failedChanges' }),
    readLane: () => ask({ to: 'ledger.readLane' }),
    writeLane: (record, expected) => ask({ to: 'ledger.writeLane', record, expected }),
    readDesired: (_lane, groupId) => ask({ to: 'ledger.readDesired', groupId }),
    writeDesired: (record, expected) => ask({ to: 'ledger.writeDesired', record, expected }),
    listDesired: () => listed(ask, { to: 'ledger.listDesired' }),
    putRejectedMember: (member) => ask({ to: 'ledger.putRejectedMember', member }),
    rejectedMembers: (_lane, set) => ask({ to: 'ledger.rejectedMembers', set }),
    claimKey: () => Promise.reject(new Error('no process of the model claims a key')),
    readClaim: () => Promise.reject(new Error('no process of the model reads a claim')),
    putStatusLink: () => Promise.reject(new Error('no process of the model links a status')),
    readStatusLink: () => Promise.reject(new Error('no process of the model reads a status')),
    writeDelivery: () => Promise.reject(new Error('no process of the model takes a delivery')),
  };
}

async function* listed<T>(ask: Ask, call: Call): AsyncIterable<T> {
  yield* await ask<T[]>(call);
}

/** As the real client: budget first, then the last look at the clock, then the request. */
export function zpaOf(ports: ModelPorts, limiter: RateLimiter): Zpa {
  const reading = async <T>(call: Call): Promise<T> => {
    return placed(limiter, 'read', ports.signal, () => ports.ask<T>(call));
  };
  async function* listing<T>(call: Call): AsyncIterable<T> {
    yield* await reading<T[]>(call);
  }
  return {
    listGroups: () => listing({ to: 'zpa.listGroups' }),
    getGroup: (id) => reading({ to: 'zpa.getGroup', id }),
    findGroups: (name) => reading({ to: 'zpa.findGroups', name }),
    getApplication: (id) => reading({ to: 'zpa.getApplication', id }),
    listApplications: () => listing({ to: 'zpa.listApplications' }),
    findApplications: (name) => reading({ to: 'zpa.findApplications', name }),
    listMicrotenants: () => reading({ to: 'zpa.listMicrotenants' }),
    listRules: () => reading({ to: 'zpa.listRules' }),
    rulesNaming: (groupId) => reading({ to: 'zpa.rulesNaming', groupId }),
    async write(write, _before, options = {}) {
      return placed(limiter, 'write', ports.signal, async () => {
        const { sendBefore = Number.POSITIVE_INFINITY } = options;
        if (ports.obeysSendBefore && ports.clock.now() > sendBefore) throw new ModelZpaError(FAULTS.tooLate);
        return ports.ask({ to: 'zpa.write', write });
      });
    },
    probe: () => reading({ to: 'zpa.probe' }),
  };
}

async function placed<T>(
  limiter: RateLimiter,
  kind: 'read' | 'write',
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  const answered = await limiter.take(kind, signal).catch((error: unknown) => {
    throw signal.aborted ? new ModelZpaError(FAULTS.unsent) : error;
  });
  try {
    return await call();
  } finally {
    answered();
  }
}
