import { parentPort, workerData } from 'node:worker_threads';
import jsonata from 'jsonata';

/**
 * The thread that carries out one JSONata expression and ends: a file of its own, so that a function whose mapping is a
 * table never loads the language. Whoever started it kills it when its time is over.
 */
/** `input`: JSON. */
export type Work = { expression: string; input: string; mostOutput: number };

export type WorkerAnswer =
  | { ok: true; output: string }
  /** `message`: JSONata's own words, which may quote the payload. */
  | { ok: false; code: string; message: string; position?: number | undefined };

/**
 * `$eval` would carry out what a ticket says. The others answer something else each time, and the same ticket must give
 * the same changes.
 */
const REFUSED = ['eval', 'now', 'millis', 'random', 'shuffle'];

/**
 * Lists and recursion that no mapping needs end the expression, before they can take more memory at once than a thread
 * may (V8 then ends the whole process). JSONata 2.2 calls these options guard rails.
 */
const GUARDS = { sequence: 10_000, stack: 1000 };

async function carryOut(): Promise<WorkerAnswer> {
  const { expression, input, mostOutput }: Work = workerData;
  const program = jsonata(expression, GUARDS);
  for (const name of REFUSED) {
    program.assign(name, () => {
      throw Object.assign(new Error(`$${name} is not available in a mapping`), { code: 'not-available' });
    });
  }
  const value: unknown = await program.evaluate(JSON.parse(input));
  if (isWithin(value, mostOutput)) return { ok: true, output: JSON.stringify(value) ?? 'null' };
  return { ok: false, code: 'output-too-large', message: `it answers more than ${mostOutput} characters` };
}

/** Counted before it is written: one value may stand in an answer thousands of times. */
function isWithin(value: unknown, most: number): boolean {
  const open = [value];
  let size = 0;
  for (let at = 0; at < open.length && size <= most; at++) {
    const one = open[at];
    size += typeof one === 'string' ? one.length + 2 : 4;
    if (one === null || typeof one !== 'object') continue;
    for (const [name, inner] of Object.entries(one)) {
      size += Array.isArray(one) ? 1 : name.length + 4;
      open.push(inner);
      if (size > most) return false;
    }
  }
  return size <= most;
}

/** JSONata throws objects as well as errors. */
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

parentPort?.postMessage(await carryOut().catch(failure));
