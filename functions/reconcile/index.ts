import { compose } from './compose.ts';

/** On a schedule: accepts approved tickets whose deliveries were lost, and cancels changes whose approval has ended. */
export const handler = compose(process.env);
