import { scaleTiming, TIMING, type Timing } from '../domain/ledger/timing.ts';

/** `TIMING`, divided by `timeFactor` where the local world runs faster than life (`readEnvironment` reads it). */
export function timingFor(environment: { TIME_FACTOR?: number | undefined }): Timing {
  const factor = environment.TIME_FACTOR ?? 1;
  return factor === 1 ? TIMING : scaleTiming(TIMING, factor);
}
