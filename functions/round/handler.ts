import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { lanesOf } from '../../shared/domain/lane/change-ref.ts';
import type { DriftQueue } from '../../shared/ports/drift-queue.ts';
import type { Clock, Log } from '../../shared/ports/ports.ts';

export type RoundPorts = { configuration: Configuration; queue: DriftQueue; clock: Pick<Clock, 'now'>; log: Log };

export type RoundHandler = (event: unknown) => Promise<{ lanes: number }>;

/**
 * The handler of the schedule. It ignores the event; the answer is for a person who invokes the function. If a message
 * cannot be sent, the invocation fails and is repeated: a lane that is asked for twice is reported twice, one after the
 * other.
 */
export function createRoundHandler({ configuration, queue, clock, log }: RoundPorts): RoundHandler {
  return async () => {
    const askedAt = clock.now();
    const lanes = [...lanesOf(configuration).keys()];
    await queue.send(lanes.map((lane) => ({ schemaVersion: 1, lane, askedAt })));
    log.info('drift round begun', { lanes: lanes.length });
    return { lanes: lanes.length };
  };
}
