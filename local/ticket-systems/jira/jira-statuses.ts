import type { JiraStore } from './jira-store.ts';
import type { JiraWays } from './jira-ways.ts';

const FIRST_ID = 10_000;

/** A status keeps its id in every language. */
export const idOfStatus = (store: JiraStore, name: string) =>
  String(FIRST_ID + store.statuses().findIndex((one) => one.toLowerCase() === name.toLowerCase()));

export const shownStatus = (store: JiraStore, { statusNames = {} }: JiraWays, name: string) => ({
  id: idOfStatus(store, name),
  name: statusNames[name] ?? name,
});

/** "Get all statuses". */
export const statusList = (store: JiraStore, ways: JiraWays) =>
  store.statuses().map((name) => shownStatus(store, ways, name));
