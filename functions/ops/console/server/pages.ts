import { cancelAct } from '../change/cancel-act.ts';
import { changeJsonPage, changePage } from '../change/change-page.ts';
import { undoPage } from '../change/undo-page.ts';
import { changesPage } from '../changes/changes-page.ts';
import type { ConsoleAct, ConsolePage } from '../contract.ts';
import { overviewPage } from '../overview/overview.ts';

/** All pages, in the order of the navigation. */
export const PAGES: readonly ConsolePage[] = [overviewPage, changesPage, changePage, changeJsonPage, undoPage];

/** All buttons that change something. */
export const ACTS: readonly ConsoleAct[] = [cancelAct];
