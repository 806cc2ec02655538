import type { DriftRequest } from '../domain/drift/drift-request.ts';

export type DriftQueue = {
  /** Sends every request that can be sent, and then rejects if one could not. */
  send(requests: readonly DriftRequest[]): Promise<void>;
};
