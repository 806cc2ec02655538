import type { ConsoleAct, ConsolePage } from '../contract.ts';
import { overviewPage } from '../overview/overview.ts';

/** All pages, in the order of the navigation. */
export const PAGES: readonly ConsolePage[] = [overviewPage];

/** All buttons that change something. */
export const ACTS: readonly ConsoleAct[] = [];
