import { compose } from './compose.ts';

/** GET /catalog: what a source may name in its tickets. */
export const handler = compose(process.env);
