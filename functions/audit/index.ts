import { compose } from './compose.ts';

/** Reads outcomes from the queue `audit` and writes each to the audit trail. */
export const handler = compose(process.env);
