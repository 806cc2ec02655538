import * as z from 'zod';
import type { UnreadableObject } from '../../ports/ports.ts';
import { exactText } from '../http/exact-json.ts';
import { placesOf } from './call.ts';
import { idIn, textIn } from './fields.ts';

/** An item of a list, or an object that could not be parsed; `key` is the same whenever the list is read again. */
export type ListItem<T> = { key: string; item: T } | { key: string; unreadable: UnreadableObject };

/** Parses an item of a list; an odd one fails the list. */
export const parsedItem = <T extends { id: string }>(item: z.ZodType<T>): z.ZodType<ListItem<T>> =>
  item.transform((one) => ({ key: one.id, item: one }));

/** Parses an item of a list, and never fails. */
export const parsedOrUnreadableItem = <T extends { id: string }>(item: z.ZodType<T>): z.ZodType<ListItem<T>> =>
  z.unknown().transform((raw) => {
    const parsed = item.safeParse(raw);
    return parsed.success ? { key: parsed.data.id, item: parsed.data } : unreadable(raw, placesOf(parsed.error));
  });

/** An object without an id is identified by all of its content: a list that holds it twice has shifted. */
function unreadable(raw: unknown, places: string): ListItem<never> {
  const fields: { id?: unknown; name?: unknown } = typeof raw === 'object' && raw !== null ? raw : {};
  const [id, name] = [idIn(fields.id), textIn(fields.name)];
  const why = `unexpected at: ${places || 'the whole object'}`;
  return {
    key: id ?? exactText(raw),
    unreadable: { ...(id !== undefined && { id }), ...(name !== undefined && { name }), why },
  };
}
