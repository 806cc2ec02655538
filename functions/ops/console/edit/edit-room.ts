import type { ConsoleAct, ConsolePage } from '../contract.ts';
import { createKept } from '../view/kept.ts';
import type { Drafts } from './draft.ts';
import { draftAct, resubmitAct } from './edit-acts.ts';
import { editPage } from './edit-page.ts';

const drafts: Drafts = createKept((draft) => draft);

/** The page and the buttons by which a rejected change is edited and sent as another one. */
export const EDIT: { pages: readonly ConsolePage[]; acts: readonly ConsoleAct[] } = {
  pages: [editPage(drafts)],
  acts: [draftAct(drafts), resubmitAct(drafts)],
};
