import { compose } from './compose.ts';

/** Plans of submitted tickets, said on the ticket before approval. */
export const handler = compose(process.env);
