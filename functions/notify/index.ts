import { compose } from './compose.ts';

/** Reads outcomes from the queue `notices` and comments them on their tickets. */
export const handler = compose(process.env);
