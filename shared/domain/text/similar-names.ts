/** Longer words are never near a field's name; the bound keeps hostile input cheap. */
const LONGEST = 40;

/** The candidate a person most likely meant by `word`, if one is near: case, accents, `_` and `-` aside, up to two slips. */
export function similarName(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const plain = flatten(word);
  const ranked = candidates
    .map((candidate) => ({ candidate, slips: editDistance(plain, flatten(candidate)) }))
    .sort((a, b) => a.slips - b.slips);
  const best = ranked[0];
  if (best === undefined) return undefined;
  return best.slips <= Math.min(2, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

/**
 * Up to `most` candidates that a person may have meant, the nearest first: up to a third of the word's letters are slips,
 * or one of the two is a part of the other. Candidates of other lengths are not compared letter by letter.
 */
export function similarNames(word: string, candidates: readonly string[], most: number): string[] {
  const plain = flatten(word);
  if (word.length > LONGEST || plain === '') return [];
  const allowed = Math.max(2, Math.ceil(plain.length / 3));
  return candidates
    .map((candidate) => ({ candidate, slips: slipsWithin(plain, flatten(candidate), allowed) }))
    .filter(({ slips }) => slips <= allowed)
    .sort((a, b) => a.slips - b.slips || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** Being a part counts as all the slips that are allowed: near, and behind everything that is nearer. */
function slipsWithin(word: string, candidate: string, allowed: number): number {
  const near = Math.abs(word.length - candidate.length) <= allowed;
  const slips = near ? editDistance(word, candidate) : Number.POSITIVE_INFINITY;
  const [short, long] = word.length < candidate.length ? [word, candidate] : [candidate, word];
  return short.length >= 3 && long.includes(short) ? Math.min(slips, allowed) : slips;
}

const flatten = (name: string) =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[_\-\s\p{M}]/gu, '');

/** Slips between two words: letters added, left out, replaced, or two neighbours swapped (Damerau, optimal alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const slips = Math.min(replaced, at(row, j) + 1, at(next, j - 1) + 1);
      next.push(swapped ? Math.min(slips, at(before, j - 2) + 1) : slips);
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

const at = (row: readonly number[], index: number) => row[index] ?? Number.POSITIVE_INFINITY;
