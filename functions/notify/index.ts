import { compose } from './compose.ts';

/** Outcomes from the queue `notices`, told on their tickets. */
export const handler = compose(process.env);
