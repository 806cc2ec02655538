import type { Answer } from '../http/http.ts';

/** What Jira says of a call that it does not carry out. */
export const failure = (status: number, message: string, errors: Record<string, string> = {}): Answer => ({
  status,
  json: { errorMessages: message === '' ? [] : [message], errors },
});
