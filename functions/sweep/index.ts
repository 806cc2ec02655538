import { compose } from './compose.ts';

/** On a schedule: sends, renews, releases and finishes what the ledger still owes. */
export const handler = compose(process.env);
