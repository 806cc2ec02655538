import { parentPort, workerData } from 'node:worker_threads';
import jsonata from 'jsonata';

/**
 * The module of the thread that evaluates one JSONata expression and ends. It is a file of its own, so that a function
 * whose mapping is a table never loads JSONata. Its starter terminates it when its time is over.
 *
 * `input` is JSON.
 */
export type WorkerInput = { expression: string; input: string; maxOutput: number };

export type WorkerAnswer =
  | { ok: true; output: string }
  /** `message` is JSONata's message, which may quote the payload. */
  | { ok: false; code: string; message: string; position?: number | undefined };

/**
 * Functions that a mapping must not use. `$eval` would evaluate text of a ticket as an expression. The others have a
 * different result each time, but the same ticket must map to the same changes.
 */
const UNAVAILABLE_FUNCTIONS = ['eval', 'now', 'millis', 'random', 'shuffle'];

/**
 * Limits of lists and recursion, larger than any mapping needs. They end the expression before it allocates more memory
 * at once than a thread may, because V8 would then end the whole process. JSONata 2.2 calls these options guard rails.
 */
const GUARD_RAILS = { sequence: 10_000, stack: 1000 };

async function evaluate(): Promise<WorkerAnswer> {
  const { expression, input, maxOutput }: WorkerInput = workerData;
  const program = jsonata(expression, GUARD_RAILS);
  for (const name of UNAVAILABLE_FUNCTIONS) {
    program.assign(name, () => {
      throw Object.assign(new Error(`$${name} is not available in a mapping`), { code: 'not-available' });
    });
  }
  const value: unknown = await program.evaluate(JSON.parse(input));
  if (isWithin(value, maxOutput)) return { ok: true, output: JSON.stringify(value) ?? 'null' };
  return { ok: false, code: 'output-too-large', message: `it answers more than ${maxOutput} characters` };
}

/** Measures the result before it is serialised, because it may contain the same value thousands of times. */
function isWithin(value: unknown, limit: number): boolean {
  const open = [value];
  let size = 0;
  for (let at = 0; at < open.length && size <= limit; at++) {
    const one = open[at];
    size += typeof one === 'string' ? one.length + 2 : 4;
    if (one === null || typeof one !== 'object') continue;
    for (const [name, inner] of Object.entries(one)) {
      size += Array.isArray(one) ? 1 : name.length + 4;
      open.push(inner);
      if (size > limit) return false;
    }
  }
  return size <= limit;
}

/** Converts a thrown value to an answer; JSONata throws plain objects as well as errors. */
function failure(thrown: unknown): WorkerAnswer {
  const field = (name: string): unknown => (thrown instanceof Object ? Reflect.get(thrown, name) : undefined);
  const position = field('position');
  return {
    ok: false,
    code: String(field('code') ?? 'failed'),
    message: String(field('message') ?? ''),
    ...(typeof position === 'number' ? { position } : {}),
  };
}

parentPort?.postMessage(await evaluate().catch(failure));
