import { MAX_DECOMPOSED } from '../text/same-text.ts';

/**
 * A person's name as ticket systems identify users, in the form in which two spellings of one person are equal: compatibility
 * forms and case folded (Unicode UAX #15 and section 5.18), characters without a visible form removed, white space
 * unified. '' for a name without a visible character. It may unite two people, which only refuses more; it unites all whose
 * names are longer than any that is accepted, because composing such a text takes quadratic time.
 */
export function comparableName(name: string): string {
  const shown = visible(name);
  if (shown.length > LONGEST_NAME * MAX_DECOMPOSED) return TOO_LONG;
  return visible(shown.normalize('NFKC')).toUpperCase().toLowerCase().normalize('NFKC');
}

const visible = (name: string) => name.replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();

/** The most characters of a person's name in the contract. */
const LONGEST_NAME = 320;
const TOO_LONG = '(too long)';

/** Format, control and ignorable characters; the blank Braille pattern is none of them by its category. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]|(?!\s)\p{Cc}/gu;

/** True if nobody can be identified by this name. */
export function isUnknownPerson(name: string | undefined): name is undefined {
  return name === undefined || comparableName(name) === '';
}

/** ServiceNow's flows and business rules run as this user, who also creates tickets for people. */
export const SYSTEM_USER = 'system';

/** True if the name is that of an app: GitHub ends each of theirs in this way, and lets no person have such a name. */
export function isApp(name: string): boolean {
  return comparableName(name).endsWith('[bot]');
}

/** True if both names are of one person. Nobody is the same as somebody unknown. */
export function isSamePerson(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const name = comparableName(one);
  return name !== '' && name === comparableName(other);
}
