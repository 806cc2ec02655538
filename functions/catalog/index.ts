import { compose } from './compose.ts';

/** `GET /catalog`: the names that a source may use in its tickets. */
export const handler = compose(process.env);
