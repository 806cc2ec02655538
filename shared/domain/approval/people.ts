/**
 * A person's name as ticket systems identify users, in the form in which two spellings of one person are equal: compatibility
 * forms and case folded (Unicode UAX #15 and section 5.18), characters without a visible form removed, white space
 * unified. '' for a name without a visible character. It may unite two people, which only refuses more.
 */
export function comparableName(name: string): string {
  const visible = name.normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();
  return visible.toUpperCase().toLowerCase().normalize('NFKC');
}

/** Format, control and ignorable characters; the blank Braille pattern is none of them by its category. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]|(?!\s)\p{Cc}/gu;

/** Whether nobody can be identified by this name. */
export function isUnknownPerson(name: string | undefined): name is undefined {
  return name === undefined || comparableName(name) === '';
}

/** Whether both names are of one person. Nobody is the same as somebody unknown. */
export function isSamePerson(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const name = comparableName(one);
  return name !== '' && name === comparableName(other);
}
