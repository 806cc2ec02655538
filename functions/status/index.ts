import { compose } from './compose.ts';

/** GET /changes/{token}: the state of one change, for whoever holds its link. */
export const handler = compose(process.env);
