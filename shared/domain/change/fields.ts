import * as z from 'zod';
import { MAX_DECOMPOSED } from '../text/same-text.ts';

/** The ids, names and texts of which the contract consists. */

/** ZPA ids are decimal strings of 64-bit integers, above 2^53 (zpa-api §2.3): a JSON number would lose digits. */
export const id = z
  .string({ error: 'must be a string of digits: ZPA ids exceed 2^53 and a JSON number would be rounded' })
  .regex(/^[1-9]\d{0,19}$/, { error: 'must be a string of 1 to 20 digits, as ZPA shows it' });

/**
 * Text in composed form (NFC), of at most `longest` characters. Longer text is refused before it is composed, because that
 * takes quadratic time where marks are out of order.
 */
const composed = (longest: number, error?: string) => {
  const said = error === undefined ? {} : { error };
  const beforeComposing = longest * MAX_DECOMPOSED;
  return z
    .string()
    .max(beforeComposing, { abort: true, error: error ?? `must have at most ${longest} characters` })
    .normalize()
    .max(longest, said);
};

/**
 * The admin portal's rule for names: letters, digits, space, period, hyphen, underscore (zpa-api §7). Some letters and marks
 * are never shown, so that a name with one would look like another group's.
 */
const NAME = /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._-]*[\p{L}\p{M}\p{N}._-])?$/u;
/** The name of a group as a change gives it. */
export const groupName = composed(255, 'must be at most 255 characters').regex(NAME, {
  error:
    'may hold letters, digits, spaces, periods, hyphens and underscores; it starts with a letter or digit and does not end with a space',
});

/**
 * Application names may hold more characters than group names (`@`, `/`, `*` occur). This product only looks them up.
 */
export const applicationName = composed(255)
  .min(1)
  .regex(/^\P{C}+$/u, {
    error: 'must not hold control characters',
  });

/** A description as a change gives it. */
export const description = composed(4000).regex(/^[^\p{Cc}\p{Cs}]*$/u, {
  error: 'must be one line without control characters',
});

/** A name as ZPA may hold it: other clients than this product write what the portal's rule forbids. */
export const liveName = composed(255, 'must be at most 255 characters').regex(/^[^\p{Cc}\p{Cs}]+$/u, {
  error: 'must be at least one character, without control characters',
});
/** A description as ZPA may hold it. */
export const liveDescription = composed(4000).regex(/^\P{Cs}*$/u, { error: 'must be text without lone surrogates' });

/** Text that logs, pages and mails show as one line; `longest` in characters. */
export const line = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must be one line without control characters' });
