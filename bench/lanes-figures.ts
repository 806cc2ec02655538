import { FUNCTIONS, type FunctionName } from '../shared/deployment/resources.ts';

/** Median, 99th percentile and maximum. */
export function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** A function's name and time limit, as it is deployed. */
export const frame = (name: FunctionName) => ({ name, timeoutMs: FUNCTIONS[name].timeoutSeconds * 1000 });
