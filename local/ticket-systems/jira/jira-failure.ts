import type { Answer } from '../http/http.ts';

/** Jira's error for a call that it refuses. */
export const failure = (status: number, message: string, errors: Record<string, string> = {}): Answer => ({
  status,
  json: { errorMessages: message === '' ? [] : [message], errors },
});
