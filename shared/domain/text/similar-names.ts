/** Longer words are never similar to a field's name; the bound also limits the cost of hostile input. */
const MAX_LENGTH = 40;

/**
 * The candidate that a person most likely meant by `word`; undefined if none is similar. Case, accents, `_` and `-` do
 * not count, and up to two typing errors are allowed.
 */
export function similarName(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const flat = flatten(word);
  const ranked = candidates
    .map((candidate) => ({ candidate, errors: editDistance(flat, flatten(candidate)) }))
    .sort((a, b) => a.errors - b.errors);
  const best = ranked[0];
  if (best === undefined) return undefined;
  return best.errors <= Math.min(2, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

/**
 * Up to `max` candidates that a person may have meant, the most similar first: up to a third of the word's letters are
 * typing errors, or one of the two contains the other. Candidates of a very different length are not compared letter by
 * letter.
 */
export function similarNames(word: string, candidates: readonly string[], max: number): string[] {
  if (word.length > MAX_LENGTH) return [];
  const flat = flatten(word);
  if (flat === '') return [];
  const allowed = Math.max(2, Math.ceil(flat.length / 3));
  return candidates
    .map((candidate) => ({ candidate, errors: errorsWithin(flat, flatten(candidate), allowed) }))
    .filter(({ errors }) => errors <= allowed)
    .sort((a, b) => a.errors - b.errors || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, max)
    .map(({ candidate }) => candidate);
}

/**
 * A candidate that contains the word, or is contained in it, counts with all allowed errors, so that it follows every
 * more similar one.
 */
function errorsWithin(word: string, candidate: string, allowed: number): number {
  const near = Math.abs(word.length - candidate.length) <= allowed;
  const errors = near ? editDistance(word, candidate) : Number.POSITIVE_INFINITY;
  const [short, long] = word.length < candidate.length ? [word, candidate] : [candidate, word];
  return short.length >= 3 && long.includes(short) ? Math.min(errors, allowed) : errors;
}

const flatten = (name: string) =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[_\-\s\p{M}]/gu, '');

/**
 * Typing errors between two words: letters added, left out, replaced, or two neighbours swapped (Damerau, optimal
 * alignment).
 */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const errors = Math.min(replaced, at(row, j) + 1, at(next, j - 1) + 1);
      next.push(swapped ? Math.min(errors, at(before, j - 2) + 1) : errors);
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

const at = (row: readonly number[], index: number) => row[index] ?? Number.POSITIVE_INFINITY;
