import { Worker } from 'node:worker_threads';
import type { Evaluate, EvaluationResult } from '../domain/mapping/map-by-expression.ts';
import { visible } from '../domain/text/visible-text.ts';
import { errorCode } from '../ports/error-code.ts';
import type { Work, WorkerAnswer } from './jsonata-worker.ts';

export type EvaluateBounds = {
  /** From when the thread runs until its answer. */
  timeMs: number;
  /** UTF-16 units of the answer's JSON. */
  mostOutput: number;
  memoryMb: number;
};

const BOUNDS: EvaluateBounds = { timeMs: 1000, mostOutput: 1024 * 1024, memoryMb: 64 };

/**
 * JSONata, bounded: every expression has a thread of its own that is killed when its time is over, also in the middle of
 * a loop or of a regular expression, whose heap is bounded, and in which nothing is left of the ticket before. The thread
 * sees no environment.
 */
export function createEvaluate(bounds: Partial<EvaluateBounds> = {}): Evaluate {
  const { timeMs, mostOutput, memoryMb } = { ...BOUNDS, ...bounds };
  return async (expression, payload) => {
    const input = jsonOf(payload);
    if (input === undefined) return { ok: false, says: 'cannot read this payload', remedy: 'Let the payload be JSON.' };
    const worker = new Worker(WORKER, {
      workerData: { expression, input, mostOutput } satisfies Work,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
      env: {},
      stdin: false,
    });
    try {
      return await answerOf(worker, timeMs);
    } finally {
      await worker.terminate();
    }
  };
}

/** Beside this module, as the sources have it and as the bundle has it. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './jsonata-worker.ts' : './jsonata-worker.mjs',
  import.meta.url,
);

/** Deep enough values have no JSON: the stack ends. */
function jsonOf(payload: unknown): string | undefined {
  try {
    return JSON.stringify(payload) ?? 'null';
  } catch {
    return undefined;
  }
}

function answerOf(worker: Worker, timeMs: number): Promise<EvaluationResult> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (evaluated: EvaluationResult) => {
      clearTimeout(timer);
      resolve(evaluated);
    };
    worker.once('online', () => {
      timer = setTimeout(() => end(tooLong(timeMs)), timeMs);
    });
    worker.once('message', (answer: WorkerAnswer) => end(read(answer)));
    worker.once('error', (error) => end(died(error)));
    worker.once('exit', () => end(died(undefined)));
  });
}

const tooLong = (timeMs: number): EvaluationResult => ({
  ok: false,
  says: `was not done after ${timeMs} ms`,
  remedy: 'Make the expression simpler: look for loops, recursion and regular expressions that try too much.',
});

function died(error: unknown): EvaluationResult {
  if (errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { ok: false, says: 'needed more memory than it has', remedy: 'Make the expression gather less.' };
  }
  return { ok: false, says: 'ended without an answer', remedy: 'Try the expression with: zpa-changes sources test.' };
}

function read(answer: WorkerAnswer): EvaluationResult {
  if (answer.ok) return { ok: true, value: JSON.parse(answer.output) };
  const where = answer.position === undefined ? '' : ` at character ${answer.position}`;
  const says = `failed${where} (${visible(answer.code, 40)}): ${visible(answer.message.replace(/\.$/, ''), 200)}`;
  return { ok: false, says, remedy: 'Correct the expression; docs.jsonata.org explains the language.' };
}
