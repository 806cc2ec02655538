import { ADDRESS } from '../contract.ts';

/** The lists of the console, by the beginning of the addresses that belong to them. */
const LISTS = [
  { of: '/change', to: ADDRESS.changes, label: 'All changes' },
  { of: '/failure', to: ADDRESS.failures, label: 'All failures' },
  { of: '/lane', to: ADDRESS.lanes, label: 'All lanes' },
  { of: '/drift', to: ADDRESS.drift, label: 'All drift reports' },
];

/** The list that a page belongs to. */
export const listOf = (path: string) => LISTS.find(({ of }) => path.startsWith(of));
