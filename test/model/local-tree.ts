import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import type { Timing } from '../../shared/domain/ledger/timing.ts';
import type { Answer, Call } from './call.ts';
import { isFromPort, unwrapped } from './errors.ts';
import type { Interner } from './intern.ts';
import type { ModelPorts, Program } from './program.ts';
import { Violation } from './violation.ts';

/**
 * A process's next step depends only on the answers it got so far and on when it got them. So the real code is run
 * once for each history, and its next call is remembered: the states of a process form a tree, shared by all the states
 * of the world in which it takes part. A process cannot be copied; it is brought to a place by answering it again.
 */
export type LocalNode = {
  readonly id: number;
  readonly spec: ProcessSpec;
  readonly parent: LocalNode | undefined;
  readonly delivery: Delivery | undefined;
  /** The world's time at which the call was made. */
  readonly issuedAt: number;
  readonly pending: Call;
  readonly children: Map<string, LocalNode>;
  run: Run | undefined;
};

type Delivery = { answer: Answer; at: number };

export type ProcessSpec = {
  program: Program;
  /** Unique for this incarnation of the process: its ids begin with it. */
  key: string;
  /** Further facts that distinguish its history from another's. */
  batch: string;
  startedAt: number;
  /** The time at which the invocation's signal aborts. */
  abortAt: number;
  /** The lead of its clock over the world's. */
  skewMs: number;
  timing: Timing;
  configuration: Configuration;
  obeysSendBefore: boolean;
};

type Run = { deliver(delivery: Delivery): void; next(): Promise<Call> };

export type LocalTree = {
  root(spec: ProcessSpec): Promise<LocalNode>;
  next(node: LocalNode, answer: Answer, at: number): Promise<LocalNode>;
  readonly size: number;
  readonly replays: number;
};

/** Runs kept at the place where they are, so that the search goes on from there without a replay. */
const KEPT_RUNS = 2000;

export function createLocalTree(interner: Interner): LocalTree {
  const roots = new Map<string, LocalNode>();
  const kept: LocalNode[] = [];
  let size = 0;
  let replays = 0;

  async function create(run: Run, place: Pick<LocalNode, 'spec' | 'parent' | 'delivery' | 'issuedAt'>) {
    size += 1;
    const node: LocalNode = { id: size, ...place, pending: await run.next(), children: new Map(), run };
    kept.push(node);
    const dropped = kept.length > KEPT_RUNS ? kept.shift() : undefined;
    if (dropped !== undefined) dropped.run = undefined;
    return node;
  }

  async function runAt(node: LocalNode): Promise<Run> {
    const { run } = node;
    node.run = undefined;
    if (run !== undefined) return run;
    replays += 1;
    const again = start(node.spec, historyOf(node));
    const call = await again.next();
    if (call.to !== node.pending.to) throw new Error(`a process is not repeatable: ${call.to}, ${node.pending.to}`);
    return again;
  }

  return {
    async root(spec) {
      const key = `${spec.key}@${spec.startedAt} ${spec.batch}`;
      const known = roots.get(key);
      if (known !== undefined) return known;
      const place = { spec, parent: undefined, delivery: undefined, issuedAt: spec.startedAt };
      const node = await create(start(spec, []), place);
      roots.set(key, node);
      return node;
    },
    async next(node, answer, at) {
      const key = `${interner.idOf(answer)}@${at}`;
      const known = node.children.get(key);
      if (known !== undefined) return known;
      const run = await runAt(node);
      const delivery = { answer: interner.canonical(answer), at };
      run.deliver(delivery);
      const child = await create(run, { spec: node.spec, parent: node, delivery, issuedAt: at });
      node.children.set(key, child);
      return child;
    },
    get size() {
      return size;
    },
    get replays() {
      return replays;
    },
  };
}

function historyOf(node: LocalNode): Delivery[] {
  const history: Delivery[] = [];
  for (let at: LocalNode | undefined = node; at?.delivery !== undefined; at = at.parent) history.push(at.delivery);
  return history.reverse();
}

/** Starts the real code and answers its first calls from `history`. Calls made at the same time are taken in turn. */
function start(spec: ProcessSpec, history: readonly Delivery[]): Run {
  const stop = new AbortController();
  const waiting: { call: Call; settle: (delivery: Delivery) => void }[] = [];
  let now = spec.startedAt;
  let calls = 0;
  let ids = 0;
  let tooFar = false;
  let strange: unknown;

  function receive({ answer, at }: Delivery): unknown {
    now = at;
    if (now >= spec.abortAt && !stop.signal.aborted) stop.abort(new Error('the invocation ends'));
    return unwrapped(answer, stop.signal.reason, () => {
      tooFar = true;
    });
  }
  const ask = <T>(call: Call): Promise<T> => {
    const known = history[calls];
    calls += 1;
    if (known !== undefined) return Promise.resolve(known).then((delivery) => receive(delivery) as T);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const settle = (delivery: Delivery) => {
      try {
        resolve(receive(delivery) as T);
      } catch (error) {
        reject(error);
      }
    };
    waiting.push({ call, settle });
    return promise;
  };
  const clock: ModelPorts['clock'] = {
    now: () => now + spec.skewMs,
    sleep: (ms, signal) => ask({ to: 'clock.sleep', ms, breakable: signal !== undefined }),
  };
  const chance = { id: () => `${spec.key}-${++ids}`, random: () => 0 };
  const remainingMs = () => Math.max(0, spec.abortAt - now);
  const { timing, configuration, obeysSendBefore } = spec;
  const complain = (error: unknown) => {
    if (error !== undefined && !isFromPort(error, stop.signal)) strange = error;
  };
  const { signal } = stop;
  const ports: ModelPorts = {
    ask,
    clock,
    chance,
    configuration,
    timing,
    remainingMs,
    signal,
    complain,
    obeysSendBefore,
  };
  spec.program(ports).then(
    (retried) => ask({ to: 'process.end', retried }),
    // An error of the handler: every message of the batch comes again.
    () => ask({ to: 'process.end', retried: ['*'] }),
  );
  return {
    deliver: (delivery) => waiting.shift()?.settle(delivery),
    async next() {
      // All that follows from an answer without another call runs before the next turn of the event loop.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (tooFar) throw new Error('what a worker does without the lane depends on more than its lease');
      if (strange !== undefined) throw new Violation('strange error', String(strange));
      const first = waiting[0];
      if (first === undefined) throw new Error('a process waits for nothing the model knows');
      return first.call;
    },
  };
}
