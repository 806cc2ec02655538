import { CHANGES } from '../change/changes-room.ts';
import type { ConsoleAct, ConsolePage } from '../contract.ts';
import { DRIFT } from '../drift/drift-room.ts';
import { EDIT } from '../edit/edit-room.ts';
import { FAILURES } from '../failures/failures-room.ts';
import { LANES } from '../lanes/lanes-room.ts';
import { overviewPage } from '../overview/overview.ts';

/** All pages, in the order of the navigation. */
export const PAGES: readonly ConsolePage[] = [
  overviewPage,
  ...CHANGES.pages,
  ...FAILURES.pages,
  ...EDIT.pages,
  ...LANES.pages,
  ...DRIFT.pages,
];

/** All buttons that change something. */
export const ACTS: readonly ConsoleAct[] = [
  ...CHANGES.acts,
  ...FAILURES.acts,
  ...EDIT.acts,
  ...LANES.acts,
  ...DRIFT.acts,
];
