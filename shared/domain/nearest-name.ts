/** Longer words are never near a field's name; the bound keeps hostile input cheap. */
const LONGEST = 40;

/** The candidate a person most likely meant by `word`, if one is near: case, `_` and `-` aside, up to two slips. */
export function nearestName(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const plain = flatten(word);
  const ranked = candidates
    .map((candidate) => ({ candidate, slips: editDistance(plain, flatten(candidate)) }))
    .sort((a, b) => a.slips - b.slips);
  const best = ranked[0];
  if (best === undefined) return undefined;
  return best.slips <= Math.min(2, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

const flatten = (name: string) => name.toLowerCase().replace(/[_\-\s]/g, '');

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
