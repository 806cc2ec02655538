import { changesPage } from '../changes/changes-page.ts';
import type { ConsoleAct, ConsolePage } from '../contract.ts';
import { cancelAct } from './cancel-act.ts';
import { changeJsonPage, changePage } from './change-page.ts';
import { undoPage } from './undo-page.ts';

/** The pages of changes, and their button. */
export const CHANGES: { pages: readonly ConsolePage[]; acts: readonly ConsoleAct[] } = {
  pages: [changesPage, changePage, changeJsonPage, undoPage],
  acts: [cancelAct],
};
