import { scaleTiming, TIMING, type Timing } from '../domain/ledger/timing.ts';

/** Returns `TIMING`, divided by `TIME_FACTOR` if the local world runs faster than real time. */
export function timingFor(environment: { TIME_FACTOR?: number | undefined }): Timing {
  const factor = environment.TIME_FACTOR ?? 1;
  return factor === 1 ? TIMING : scaleTiming(TIMING, factor);
}
