import * as z from 'zod';
import { TABLE } from '../../../deployment/resources.ts';
import type { UnreadableRecord } from '../../../ports/ports.ts';
import { AwsError } from '../../aws-error.ts';
import { withoutTableAttributes } from './ledger-items.ts';

/** Parses an item as a record; undefined if there is no item. */
export function parseItem<T>(item: Record<string, unknown> | undefined, parse: (value: unknown) => T): T | undefined {
  return item === undefined ? undefined : parseStored(item, parse);
}

/** Parses an item as a record. Throws on another shape, because skipping the item would lose a change. */
export function parseStored<T>(item: Record<string, unknown>, parse: (value: unknown) => T): T {
  try {
    return parse(withoutTableAttributes(item));
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const faults = error.issues.slice(0, 5).map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
    throw new AwsError('record-malformed', `${String(item.sk)} in the ledger cannot be read: ${faults.join('; ')}`);
  }
}

/** The parsed item; one that cannot be read goes to `onUnreadable`, or is an error where nobody takes it. */
export function parseOr<T>(
  item: Record<string, unknown>,
  parse: (value: unknown) => T,
  onUnreadable: ((one: UnreadableRecord) => void) | undefined,
): T | undefined {
  try {
    return parseStored(item, parse);
  } catch (error) {
    if (onUnreadable === undefined || !(error instanceof Error)) throw error;
    onUnreadable({ key: String(item[TABLE.sortKey]), why: error.message });
    return undefined;
  }
}
