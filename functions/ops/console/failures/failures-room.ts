import type { ConsoleAct, ConsolePage } from '../contract.ts';
import { dismissAct, retryAct } from './failure-acts.ts';
import { failurePage, failuresPage } from './failure-pages.ts';

/** Pages and buttons of rejected changes. */
export const FAILURES: { pages: readonly ConsolePage[]; acts: readonly ConsoleAct[] } = {
  pages: [failuresPage, failurePage],
  acts: [retryAct, dismissAct],
};
