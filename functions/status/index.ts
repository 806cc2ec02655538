import { compose } from './compose.ts';

/** `GET /changes/{token}`: the state of one change, for anyone who has its link. */
export const handler = compose(process.env);
