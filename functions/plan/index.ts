import { compose } from './compose.ts';

/** Plans submitted tickets and comments the plan on the ticket before approval. */
export const handler = compose(process.env);
