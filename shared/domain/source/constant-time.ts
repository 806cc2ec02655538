import { createHash, timingSafeEqual } from 'node:crypto';

/** Takes constant time whatever the texts and their lengths, because it compares digests of equal length. */
function equal(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

/** True if one of `offered` equals one of `expected`. It compares all pairs, so a match does not end the loop early. */
export function anyEqualInConstantTime(offered: readonly string[], expected: readonly string[]): boolean {
  return expected
    .flatMap((one) => offered.map((other) => equal(other, one)))
    .reduce((found, one) => found || one, false);
}

const digest = (text: string) => createHash('sha256').update(text).digest();
