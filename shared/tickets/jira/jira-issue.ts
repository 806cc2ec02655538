import * as z from 'zod';
import { TicketError } from '../http/ticket-error.ts';

/** A user as Jira Cloud shows it. Jira does not state `accountType` everywhere. */
export const jiraPerson = z
  .looseObject({ accountId: z.string().nullish(), accountType: z.string().nullish() })
  .nullish();

/** The path of an issue, or of something below it. */
export const issuePath = (version: 2 | 3, key: string, below = '') =>
  `/rest/api/${version}/issue/${encodeURIComponent(key)}${below}`;

/**
 * Jira Server and Data Center identify users by a name that can be changed, and an approval must not rest on one. Jira
 * Cloud shows every user with an account id, also one who is gone.
 */
export const onlyCloud = () =>
  new TicketError(
    'tickets-unsupported',
    'Jira shows users without "accountId". Only Jira Cloud can be connected: it lacks in Jira Server and Data Center.',
  );

/** Jira's account types of people: members of the site, and customers of its service desks. Apps have another. */
const PEOPLE = ['atlassian', 'customer'];

/**
 * The account id of a person; undefined for an app, for a user whom Jira does not know any more (it shows a former user
 * as `unknown`), and for nobody.
 */
export function personOf(user: z.output<typeof jiraPerson>): string | undefined {
  const id = user?.accountId?.trim() ?? '';
  const type = user?.accountType ?? PEOPLE[0];
  const isPerson = id !== '' && id.toLowerCase() !== 'unknown' && PEOPLE.includes(type ?? '');
  return isPerson ? id : undefined;
}
