import type { LaneSession } from './lane-session.ts';
import type { ApplyPorts } from './ports.ts';

/** The time that is left of this invocation: in milliseconds, and as a signal that aborts reads and waits. */
export type Invocation = { remainingMs(): number; signal: AbortSignal };

/** A lane under the lease of this worker. */
export type LaneHold = { ports: ApplyPorts; session: LaneSession };

/** The work of an invocation on a lane. */
export type LaneWork = LaneHold & { invocation: Invocation };

/**
 * The end of work on a lane, for now. `again`: time is up and there is more to do; `wait`: nothing can be done before.
 */
export type LaneEnd = { kind: 'done' } | { kind: 'again' } | { kind: 'wait'; delayMs: number; reason: string };
