import { Worker } from 'node:worker_threads';
import type { Evaluate, EvaluationResult } from '../domain/mapping/map-by-expression.ts';
import { visible } from '../domain/text/visible-text.ts';
import type { WorkerAnswer, WorkerInput } from './jsonata-worker.ts';

export type EvaluateBounds = {
  /** Time from the start of the thread until its answer. */
  timeMs: number;
  /** Maximum UTF-16 units of the result's JSON. */
  maxOutput: number;
  memoryMb: number;
};

const BOUNDS: EvaluateBounds = { timeMs: 1000, maxOutput: 1024 * 1024, memoryMb: 64 };

/**
 * Creates the bounded evaluation of JSONata. Each expression runs in a thread of its own, so nothing of an earlier ticket
 * is left in it. The thread is terminated when its time is over, even during a loop or a regular expression. Its heap is
 * bounded, and it has no environment variables.
 */
export function createEvaluate(bounds: Partial<EvaluateBounds> = {}): Evaluate {
  const { timeMs, maxOutput, memoryMb } = { ...BOUNDS, ...bounds };
  return async (expression, payload) => {
    const input = toJson(payload);
    if (input === undefined) return { ok: false, says: 'cannot read this payload', remedy: 'Let the payload be JSON.' };
    const worker = new Worker(WORKER, {
      workerData: { expression, input, maxOutput } satisfies WorkerInput,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
      env: {},
      stdin: false,
    });
    try {
      return await waitForAnswer(worker, timeMs);
    } finally {
      await worker.terminate();
    }
  };
}

/** The thread's module lies beside this one, both in the sources and in the bundle. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './jsonata-worker.ts' : './jsonata-worker.mjs',
  import.meta.url,
);

/** undefined if the value is nested so deeply that JSON.stringify exceeds the stack. */
function toJson(payload: unknown): string | undefined {
  try {
    return JSON.stringify(payload) ?? 'null';
  } catch {
    return undefined;
  }
}

function waitForAnswer(worker: Worker, timeMs: number): Promise<EvaluationResult> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (evaluated: EvaluationResult) => {
      clearTimeout(timer);
      resolve(evaluated);
    };
    worker.once('online', () => {
      timer = setTimeout(() => end(timedOut(timeMs)), timeMs);
    });
    worker.once('message', (answer: WorkerAnswer) => end(toEvaluated(answer)));
    worker.once('error', (error) => end(noAnswer(error)));
    worker.once('exit', () => end(noAnswer(undefined)));
  });
}

const timedOut = (timeMs: number): EvaluationResult => ({
  ok: false,
  says: `was not done after ${timeMs} ms`,
  remedy: 'Make the expression simpler: look for loops, recursion and regular expressions that try too much.',
});

function noAnswer(error: unknown): EvaluationResult {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { ok: false, says: 'needed more memory than it has', remedy: 'Make the expression gather less.' };
  }
  return { ok: false, says: 'ended without an answer', remedy: 'Try the expression with: zpa-changes sources test.' };
}

function toEvaluated(answer: WorkerAnswer): EvaluationResult {
  if (answer.ok) return { ok: true, value: JSON.parse(answer.output) };
  const where = answer.position === undefined ? '' : ` at character ${answer.position}`;
  const says = `failed${where} (${visible(answer.code, 40)}): ${visible(answer.message.replace(/\.$/, ''), 200)}`;
  return { ok: false, says, remedy: 'Correct the expression; docs.jsonata.org explains the language.' };
}
