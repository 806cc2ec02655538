import { compose } from './compose.ts';

/** On a schedule: approved tickets that never arrived, and changes whose approval is over without anybody saying so. */
export const handler = compose(process.env);
