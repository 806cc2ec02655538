import { type EventSourceOptions, startEventSource } from '../local/lambda/event-source.ts';
import type { Clock } from '../shared/ports/ports.ts';
import { say } from './print-table.ts';

/** Time goes on by so much whenever nothing can run and nobody sleeps for less. */
const STEP_MS = 1000;

/**
 * Works a queue in virtual time. A call of AWS has real time limits, which a busy machine may exceed; its message then waits
 * for a visibility timeout that is virtual, so time goes on until the queue is empty, and such messages are told.
 */
export function startSource(options: EventSourceOptions & { clock: Clock }): { finish(): Promise<void> } {
  const { clock, function: worker } = options;
  let returned = 0;
  const source = startEventSource({
    ...options,
    onBatch: (report) => {
      returned += report.returned.length;
    },
  });
  return {
    async finish() {
      const empty = new AbortController();
      const passing = letTimePass(clock, empty.signal);
      try {
        await source.drain();
      } finally {
        empty.abort();
        await passing;
        await source.close();
      }
      if (returned > 0) say(`${returned} messages of ${worker.name} were delivered again, and count with that wait`);
    },
  };
}

async function letTimePass(clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await clock.sleep(STEP_MS, signal).catch(() => undefined);
}
