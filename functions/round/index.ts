import { compose } from './compose.ts';

/** On a schedule: asks for the drift report of every lane. */
export const handler = compose(process.env);
