import type { Context } from 'aws-lambda';

/** A function as Lambda knows it. */
export type LambdaFunction<Event> = {
  name: string;
  /** In real milliseconds (already divided by the time factor). */
  timeoutMs: number;
  memoryMb?: number;
  handler: (event: Event, context: Context) => unknown;
};
