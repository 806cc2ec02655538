import type { Kept } from '../view/kept.ts';

/** An edited text and the ticket that was named beside it. */
export type Draft = { text: string; ticket: string };

export type Drafts = Kept<Draft>;
