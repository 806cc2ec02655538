import { compose } from './compose.ts';

/** Reports, lane by lane, where tenants differ from the state that tickets approved. */
export const handler = compose(process.env);
