import * as z from 'zod';
import { decodeEntities } from './decode-entities.ts';

/** Ids exceed 2^53, so only text is accepted; `parseExactJson` has made text of ids that came as numbers. */
export const zpaId = z.string().min(1);

/**
 * A field on which nothing is decided alone: an odd value counts as left out. The functions below read it after the object
 * is parsed, because a list has thousands of them, and a schema that tolerates costs more than all others.
 */
export const tolerated = z.unknown().optional();

/** ZPA stamps each object with its last writer and the time. */
export const stampFields = { modifiedBy: tolerated, modifiedTime: tolerated };

export const idIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A text in which ZPA's escapes are decoded. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? decodeEntities(value) : undefined;

/**
 * Epoch seconds, which ZPA answers as a decimal string. Zero stands for a time that ZPA does not know; a number of more
 * than twelve digits is no date, or counts milliseconds.
 */
export function secondsIn(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return /^[0-9]{1,12}$/.test(String(value)) ? Number(value) || undefined : undefined;
}
