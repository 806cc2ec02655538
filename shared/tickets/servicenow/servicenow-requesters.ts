import type { FieldChange } from '../../domain/approval/approval.ts';
import { complete, type Reading } from '../../domain/approval/reading.ts';
import { APPROVED_PARENTS, type FlatRecord, storedValue } from './servicenow-records.ts';

/** The requesters of a task's change stand for the task too. */
const RECORDS = ['', ...APPROVED_PARENTS.map((link) => `${link}.`)];
const PEOPLE = ['requested_by', 'requested_for', 'opened_by'].flatMap((one) => RECORDS.map((of) => `${of}${one}`));
/** People can be set to somebody else; ServiceNow itself writes the user name of the creator. */
const CREATORS = RECORDS.map((of) => `${of}sys_created_by`);

/** The columns that `requestersOf` reads. */
export const REQUESTER_COLUMNS: readonly string[] = [
  ...PEOPLE.flatMap((one) => [one, `${one}.user_name`]),
  ...CREATORS,
];

/** The user names of everyone who stands for the ticket, the requester first. `partial` if a name is not shown. */
export function requestersOf(record: FlatRecord): Reading<string[]> {
  const names = [...PEOPLE.map((one) => `${one}.user_name`), ...CREATORS].map((name) => storedValue(record, name));
  const value = [...new Set(names.filter((name) => name !== ''))];
  const isFilled = (name: string) => storedValue(record, name) !== '';
  const nameless = PEOPLE.filter((one) => isFilled(one) && !isFilled(`${one}.user_name`)).map(
    (one) => `${one}.user_name`,
  );
  const present = ['sys_id', ...APPROVED_PARENTS];
  const anonymous = CREATORS.filter((one, index) => isFilled(present[index] ?? '') && !isFilled(one));
  const [hidden] = [...nameless, ...anonymous];
  if (hidden === undefined) return complete(value);
  return { kind: 'partial', value, reason: `the integration user cannot see ${hidden}, so a requester is unknown` };
}

/**
 * An approval may be the hidden requester's own, and trust in a history that is not shown does not change that. So the
 * history counts as one of which a part is missing.
 */
export function withRequesters(requesters: Reading<string[]>, history: Reading<FieldChange[]>): Reading<FieldChange[]> {
  if (requesters.kind === 'complete') return history;
  return { kind: 'partial', value: history.kind === 'unknown' ? [] : history.value, reason: requesters.reason };
}
