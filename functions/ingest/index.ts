import { compose } from './compose.ts';

/** `ANY /webhooks/{source}`: enters signed deliveries of changes into the ledger and sends them to the queue. */
export const handler = compose(process.env);
