import { compose } from './compose.ts';

/** On a schedule: reports where tenants differ from the state that tickets approved. */
export const handler = compose(process.env);
