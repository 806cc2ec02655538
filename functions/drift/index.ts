import { compose } from './compose.ts';

/** The report on a schedule: where tenants differ from what tickets approved. */
export const handler = compose(process.env);
