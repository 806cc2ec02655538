import { compose } from './compose.ts';

/** `ANY /webhooks/{source}`: takes signed deliveries of changes into the ledger and onto the queue. */
export const handler = compose(process.env);
